package config

// LabelKeys are the keys of labels.csv, line by line.
func LabelKeys() []string {
	var out []string
	for _, l := range rows("labels", "key,fr,en") {
		out = append(out, l[0])
	}
	return out
}

// Activities reads a table of activities.
var Activities = activities
