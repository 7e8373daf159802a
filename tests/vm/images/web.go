// SPDX-License-Identifier: GPL-2.0
// The program of an image that holds nothing else.
package main

import (
	"fmt"
	"net/http"
	"os"
)

var version = "0"

func main() {
	if len(os.Args) > 1 {
		fmt.Println("version", version)
		return
	}
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "web", version)
	})
	fmt.Fprintln(os.Stderr, http.ListenAndServe(":8080", nil))
	os.Exit(1)
}
