package etl

import "reflect"

// Share is a part of a whole, between 0 and 1. Times is a factor of at least 1.
type (
	Share float64
	Times float64
)

// Thresholds are the limits of the gate: the keys below "gate" in the configuration.
// What they mean is said in message/tables/gate.csv, under "threshold-KEY". A zero value
// does not switch a rule off.
type Thresholds struct {
	Lost           Share `mapstructure:"lost"`
	Months         int   `mapstructure:"months"`
	Gained         Times `mapstructure:"gained"`
	GainedAtLeast  int   `mapstructure:"gained_at_least"`
	Short          int   `mapstructure:"short"`
	ShortAtLeast   int   `mapstructure:"short_at_least"`
	Changed        Share `mapstructure:"changed"`
	ChangedAtLeast int   `mapstructure:"changed_at_least"`
	Ended          Share `mapstructure:"ended"`
	Repeated       Share `mapstructure:"repeated"`
	Unreadable     Share `mapstructure:"unreadable"`
	Together       Share `mapstructure:"together"`
	Unclassified   Share `mapstructure:"unclassified"`
	Usual          Share `mapstructure:"usual"`
	UsualAtLeast   int   `mapstructure:"usual_at_least"`
	Arrivals       Share `mapstructure:"arrivals"`
	FewArrivals    int   `mapstructure:"few_arrivals"`
}

// DefaultThresholds returns the thresholds that apply unless the configuration has
// others. Usual months of the real lists stay below those of warnings: the list of
// certified actors grew from 7 to 11 in a month and from 11 to 19 in three, and the
// approved ones went from 108 to 100 in four.
func DefaultThresholds() Thresholds {
	return Thresholds{Lost: 0.2, Months: 6, Gained: 2, GainedAtLeast: 20, Short: 25, ShortAtLeast: 15, Changed: 0.2,
		ChangedAtLeast: 5, Ended: 0.5, Repeated: 0.2, Unreadable: 0.2, Together: 0.2, Unclassified: 0.5,
		Usual: 0.1, UsualAtLeast: 3, Arrivals: 0.2, FewArrivals: 5}
}

// Threshold is one of the thresholds, with its key and its value: a Share, Times or an
// int.
type Threshold struct {
	Key   string
	Value any
}

// All returns the thresholds in order.
func (th *Thresholds) All() []Threshold {
	v := reflect.ValueOf(*th)
	out := make([]Threshold, v.NumField())
	for i := range out {
		out[i] = Threshold{v.Type().Field(i).Tag.Get("mapstructure"), v.Field(i).Interface()}
	}
	return out
}
