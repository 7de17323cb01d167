package main

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"hdsreport/config"
	"hdsreport/etl/message"
	"hdsreport/etl/registry"
)

// starters holds the configuration that init writes, by language. It explains every key
// and gives its default.
//
//go:embed starter.fr.yaml starter.en.yaml
var starters embed.FS

// attributes is the .gitattributes of a workspace. Acceptances and declared SHA-256 sums
// depend on the exact bytes of a file, so Git must not convert line endings, as Git for
// Windows does by default. Lines added to the history by two people, or by a person and
// the scheduled job, must not conflict.
var attributes = []byte(`/editions/** -text
/registry/** -text
/published/** -text
/published/history.csv merge=union
`)

func (c *Command) initCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "init DIR",
		Short: "make an empty workspace",
		Long: `init makes a workspace in DIR: hdsreport.yaml with every key explained, an empty
editions folder, the registry's five tables with their headers, and a .gitignore and
.gitattributes for those who keep it under version control. Nothing that is there already is touched.`,
		Example: "  hdsreport init hds && cd hds\n  # put the lists in editions/2019-06-17/agrees.csv and certifies.csv\n  hdsreport run",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			dir := args[0]
			if _, err := os.Stat(filepath.Join(dir, config.FileName)); err == nil {
				return message.Fail(nil, "init-there", "file", filepath.Join(dir, config.FileName))
			}
			for _, sub := range []string{"editions", "registry"} {
				if err := os.MkdirAll(filepath.Join(dir, sub), 0o777); err != nil {
					return err
				}
			}
			starter, err := starters.ReadFile("starter." + c.say.Language() + ".yaml")
			if err != nil {
				return err
			}
			starter = bytes.Replace(starter, []byte("{gate}\n"), []byte(gateSettings(c.say)), 1)
			files := registry.Empty()
			// A workbook can be rebuilt at any time; its record is in the folder of publications.
			made := map[string][]byte{config.FileName: starter, ".gitignore": []byte("/hds-*.xlsx\n~$*\n"),
				".gitattributes": attributes}
			for name, header := range files {
				made[filepath.Join("registry", name)] = header
			}
			for name, text := range made {
				if err := create(filepath.Join(dir, name), text); err != nil {
					return err
				}
			}
			fmt.Fprintf(c.Stderr, "hdsreport: %s\n  %s\n", c.say.Say("init-made", "folder", dir), c.say.Say("init-next",
				"folder", display(filepath.Join(dir, "editions")), "name", config.FileName, "file", display(filepath.Join(dir, config.FileName))))
			return nil
		},
	}
}

// create writes a file unless it exists.
func create(name string, text []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}
