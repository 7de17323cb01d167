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

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/message"
	"hdsreport/etl/workspace"
)

func (c *Command) watchCommand() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "watch",
		Short: "the last step of a job that nobody watches",
		Long: `watch fails when the newest edition is older than watch.stale_days, so that a source
that has stopped changing, or a download that finds nothing any more, is noticed (an
edition dated far in the future, which would hide that, is an error too); and
else calls watch.ping, so that an outside monitor notices when the job itself has
stopped. Both are off until the configuration sets them.`,
		Example: `  hdsreport watch --config workspace/hdsreport.yaml`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			j, err := c.watched(file)
			if err != nil {
				return err
			}
			if err := c.stale(j); err != nil {
				c.actions().notice(etl.Error, c.say.Say("watch-stale-title"), c.say.Error(err))
				return err
			}
			if j.config.Watch.Ping == "" {
				said := c.say.Say("watch-fresh")
				if j.config.Watch.StaleDays == 0 {
					said = c.say.Say("watch-off")
				}
				fmt.Fprintf(c.Stderr, "hdsreport: %s\n", said)
				return nil
			}
			if err := ping(cmd.Context(), j.config.Watch.Ping); err != nil {
				// The job is done; the monitor will report the missing call.
				said := c.say.Say("watch-monitor-deaf", "why", err)
				fmt.Fprintf(c.Stderr, "hdsreport: %s\n", said)
				c.actions().notice(etl.Warning, c.say.Say("watch-monitor-title"), said)
				return nil
			}
			fmt.Fprintf(c.Stderr, "hdsreport: %s\n", c.say.Say("watch-told"))
			return nil
		},
	}
	cmd.Flags().StringVar(&file, "config", "", "the workspace's `file` (default hdsreport.yaml here)")
	return cmd
}

// watched is a workspace of which only the names of editions are read, not the lists.
func (c *Command) watched(file string) (*job, error) {
	file, err := configFile(file)
	if err != nil {
		return nil, err
	}
	j := &job{root: config.Workspace(file)}
	j.config, err = c.configure(file, nil)
	return j, err
}

// mostAhead is how many days after today the newest edition may be dated: the edition of a
// month has the date of its last day.
const mostAhead = 31

// stale returns an error if the newest edition of the workspace is older than configured,
// or dated so far ahead that it would not become too old for long. It is the only place
// where the date of a run matters, and no output depends on it.
func (c *Command) stale(j *job) error {
	most := j.config.Watch.StaleDays
	if most == 0 || j.loose {
		return nil
	}
	ref := j.config.FullReference()
	layout := layoutOf(&j.config, j.root, &ref)
	editions, _, err := workspace.Newest(layout)
	if err != nil {
		return err
	}
	if len(editions) == 0 {
		return message.Fail(nil, "watch-no-edition", "folder", j.config.Editions, "most", most)
	}
	newest := editions[len(editions)-1]
	zone, err := time.LoadLocation(j.config.Publish.TimeZone)
	if err != nil {
		return err
	}
	day := layout.Day(newest)
	today := c.Now().In(zone)
	age := int(time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0,
		time.UTC).Sub(day.Time()) / (24 * time.Hour))
	switch {
	case age > most:
		return message.Fail(nil, "watch-stale", "edition", etl.Named(newest), "age", age, "most", most)
	case age < -mostAhead:
		return message.Fail(nil, "watch-ahead", "edition", etl.Named(newest), "days", -age)
	}
	return nil
}

const (
	pingTries = 3
	pingTime  = 10 * time.Second
)

// ping calls an address. Errors do not contain the address, which may hold a secret.
func ping(ctx context.Context, address string) error {
	client := &http.Client{Timeout: pingTime}
	var err error
	for range pingTries {
		var req *http.Request
		if req, err = http.NewRequestWithContext(ctx, http.MethodGet, address, nil); err != nil {
			return message.Fail(nil, "watch-ping-address")
		}
		var resp *http.Response
		if resp, err = client.Do(req); err != nil {
			var u *url.Error
			if errors.As(err, &u) {
				err = u.Err
			}
			continue
		}
		io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<16)) // so that the connection is closed cleanly
		resp.Body.Close()
		if resp.StatusCode/100 == 2 {
			return nil
		}
		err = message.Fail(nil, "watch-ping-status", "status", resp.Status)
	}
	return err
}
