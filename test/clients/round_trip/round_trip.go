// Reads a profile a line, and writes it again.
package main

import (
	"bufio"
	"fmt"
	"os"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		profile, err := UnmarshalProfile(lines.Bytes())
		if err != nil {
			panic(err)
		}
		written, err := profile.Marshal()
		if err != nil {
			panic(err)
		}
		fmt.Println(string(written))
	}
}
