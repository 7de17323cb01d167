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
	Lost          Share `mapstructure:"lost"`
	Gained        Times `mapstructure:"gained"`
	GainedAtLeast int   `mapstructure:"gained_at_least"`
	Changed       Share `mapstructure:"changed"`
	Ended         Share `mapstructure:"ended"`
	Repeated      Share `mapstructure:"repeated"`
	Unreadable    Share `mapstructure:"unreadable"`
	Unclassified  Share `mapstructure:"unclassified"`
}

// DefaultThresholds returns the thresholds that apply unless the configuration has
// others.
func DefaultThresholds() Thresholds {
	return Thresholds{Lost: 0.2, Gained: 2, GainedAtLeast: 20, Changed: 0.2, Ended: 0.5, Repeated: 0.2,
		Unreadable: 0.2, Unclassified: 0.5}
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
