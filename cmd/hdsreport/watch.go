package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"hdsreport/etl"
)

func (c *Command) watchCommand() *cobra.Command {
	var in input
	cmd := &cobra.Command{
		Use:   "watch",
		Short: "the last step of a job that nobody watches",
		Long: `watch fails when the newest edition is older than watch.stale_days, so that a source
that has stopped changing, or a download that finds nothing any more, is noticed; and
else calls watch.ping, so that an outside monitor notices when the job itself has
stopped. Both are off until the configuration sets them.`,
		Example: `  hdsreport watch --config workspace/hdsreport.yaml`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			j, err := c.load(&in, map[string]string{})
			if err != nil {
				return err
			}
			if err := c.stale(j); err != nil {
				c.actions().notice(etl.Error, "Stale", err.Error())
				return err
			}
			if j.config.Watch.Ping == "" {
				fmt.Fprintf(c.Stderr, "hdsreport: edition %s is fresh enough; watch.ping names nobody to tell\n", j.result.Edition.ID)
				return nil
			}
			if err := ping(cmd.Context(), j.config.Watch.Ping); err != nil {
				// The monitor will miss the call and say so; the job did its work.
				said := fmt.Sprintf("the monitor could not be told that all is well: %v; check watch.ping", err)
				fmt.Fprintf(c.Stderr, "hdsreport: %s\n", said)
				c.actions().notice(etl.Warning, "Monitor", said)
				return nil
			}
			fmt.Fprintf(c.Stderr, "hdsreport: edition %s is fresh enough; the monitor knows\n", j.result.Edition.ID)
			return nil
		},
	}
	in.flags(cmd)
	return cmd
}

// stale is an error when the edition is older than the configuration allows: the one
// place where the day of a run matters, and nothing that is written depends on it.
func (c *Command) stale(j *job) error {
	most := j.config.Watch.StaleDays
	zone, err := time.LoadLocation(j.config.Publish.TimeZone)
	if err != nil {
		return err
	}
	today := c.Now().In(zone)
	age := int(time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, time.UTC).Sub(j.result.Edition.Date.Time()) / (24 * time.Hour))
	if most == 0 || age <= most {
		return nil
	}
	return fmt.Errorf("the newest edition, %s, is %d days old, and watch.stale_days is %d; look whether the source still publishes and whether hdsreport fetch still finds it", j.result.Edition.ID, age, most)
}

const (
	pingTries = 3
	pingTime  = 10 * time.Second
)

// ping calls an address. It may hold a secret, so that no error names it.
func ping(ctx context.Context, address string) error {
	client := &http.Client{Timeout: pingTime}
	var err error
	for range pingTries {
		var req *http.Request
		if req, err = http.NewRequestWithContext(ctx, http.MethodGet, address, nil); err != nil {
			return errors.New("it is no address")
		}
		var resp *http.Response
		if resp, err = client.Do(req); err != nil {
			var u *url.Error
			if errors.As(err, &u) {
				err = u.Err
			}
			continue
		}
		io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<16)) // so that the connection ends in order
		resp.Body.Close()
		if resp.StatusCode/100 == 2 {
			return nil
		}
		err = fmt.Errorf("it answers %s", resp.Status)
	}
	return err
}
