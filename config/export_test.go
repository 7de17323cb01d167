package config

// LabelKeys are the keys of labels.csv, line by line.
func LabelKeys() []string {
	var out []string
	for _, l := range table[struct {
		Key string `csv:"key"`
		FR  string `csv:"fr"`
		EN  string `csv:"en"`
	}]("labels") {
		out = append(out, l.Key)
	}
	return out
}

// Activities reads a table of activities.
var Activities = activities
