package report

// Read reads the bytes of a report that was frozen, in this house or in another. Their hash
// is counted, not believed.
func Read(content []byte) (Frozen, error) {
	d, lists, err := readDocument(content)
	if err != nil {
		return Frozen{}, err
	}
	f := Frozen{Snapshot: Snapshot{
		Movement: d.Movement.Code, PeriodNo: d.Period.No, Scope: d.Scope.Code, AsOf: d.AsOf, SHA256: sum(content), Size: len(content),
	}, Bytes: content, doc: d, lists: lists}
	if _, err := f.Entries(); err != nil {
		return Frozen{}, err
	}
	if _, err := f.Subjects(); err != nil {
		return Frozen{}, err
	}
	_, err = f.Items()
	return f, err
}
