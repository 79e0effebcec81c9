package viet

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Decimal is a decimal number, exact to the fourth place, or none at all. The zero value is
// none. Equal numbers are equal by ==.
type Decimal struct {
	parts int64 // ten-thousandths
	known bool
}

const (
	places     = 4
	partsOfOne = 10_000
	maxWhole   = 12 // digits before the comma: up to 999 billion
)

// decimalForm is a number with or without points; none begins with nought where points part
// its thousands, or "0.125" would be read as 125.
var decimalForm = regexp.MustCompile(`^[-−]? ?([1-9]\d{0,2}([. ]\d{3})+|\d+)(,\d+)?$`)

// What can be wrong with a number that somebody wrote.
var (
	ErrNumber = errors.New("this is not a number as Vietnamese writes one")
	ErrPlaces = errors.New("the number has more places than can be kept")
)

// Whole is a whole number as a Decimal.
func Whole(n int64) Decimal { return Decimal{n * partsOfOne, true} }

// Tenths is so many tenths as a Decimal.
func Tenths(n int64) Decimal { return Decimal{n * (partsOfOne / 10), true} }

// ParseDecimal reads a number as Vietnamese writes it: "1.234,5", where the point parts
// thousands and the comma stands before the fraction; spaces may part thousands, too.
// What holds nothing is no number. "12.5" is refused: a point that parts no thousands is
// more often a slip than a fraction.
func ParseDecimal(s string) (Decimal, error) {
	s = strings.TrimSpace(strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(s))
	if s == "" {
		return Decimal{}, nil
	}
	if !decimalForm.MatchString(s) {
		return Decimal{}, ErrNumber
	}
	whole, fraction, _ := strings.Cut(strings.NewReplacer(".", "", " ", "").Replace(s), ",")
	digits := strings.TrimLeft(whole, "-−0")
	if len(digits) > maxWhole || len(strings.TrimRight(fraction, "0")) > places {
		return Decimal{}, ErrPlaces
	}
	fraction = (strings.TrimRight(fraction, "0") + strings.Repeat("0", places))[:places]
	parts, err := strconv.ParseInt(digits+fraction, 10, 64)
	if err != nil {
		return Decimal{}, fmt.Errorf("%w: %w", ErrNumber, err)
	}
	if strings.HasPrefix(s, "-") || strings.HasPrefix(s, "−") {
		parts = -parts
	}
	return Decimal{parts, true}, nil
}

// Known tells whether there is a number.
func (d Decimal) Known() bool { return d.known }

// Negative tells whether the number is below nought.
func (d Decimal) Negative() bool { return d.parts < 0 }

// IsWhole tells whether the number has no fraction.
func (d Decimal) IsWhole() bool { return d.parts%partsOfOne == 0 }

// Float is the nearest floating number, for programs; 0 where there is none.
func (d Decimal) Float() float64 { return float64(d.parts) / partsOfOne }

// String writes the number as Vietnamese does, "1.234,5"; nothing where there is none.
func (d Decimal) String() string { return d.Format(".", ",") }

// Format writes the number with its thousands and its fraction parted by these.
func (d Decimal) Format(thousands, comma string) string {
	if !d.known {
		return ""
	}
	sign, parts := "", d.parts
	if parts < 0 {
		sign, parts = "−", -parts
	}
	whole := strconv.FormatInt(parts/partsOfOne, 10)
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + thousands + whole[i:]
	}
	fraction := strings.TrimRight(fmt.Sprintf("%0*d", places, parts%partsOfOne), "0")
	if fraction != "" {
		whole += comma + fraction
	}
	return sign + whole
}

// Scan reads the number out of a column of ten-thousandths.
func (d *Decimal) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Decimal{}
	case int64:
		*d = Decimal{v, true}
	default:
		return fmt.Errorf("a number of ten-thousandths cannot be read from %T", src)
	}
	return nil
}

// Stored is the number as a column of ten-thousandths takes it.
func (d Decimal) Stored() any {
	if !d.known {
		return nil
	}
	return d.parts
}

// MarshalJSON writes the number, or null.
func (d Decimal) MarshalJSON() ([]byte, error) {
	if !d.known {
		return []byte("null"), nil
	}
	return json.Marshal(d.Float())
}
