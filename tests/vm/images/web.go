// SPDX-License-Identifier: GPL-2.0
// The program of an image that holds nothing else. Without net/http, which takes minutes to compile.
package main

import (
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
)

var version = "0"

func serve(client net.Conn) {
	defer client.Close()
	client.Read(make([]byte, 4096))
	fmt.Fprintf(client, "HTTP/1.0 200 OK\r\nConnection: close\r\n\r\nweb %s\n", version)
}

func main() {
	if len(os.Args) > 1 {
		fmt.Println("version", version)
		return
	}
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGTERM)
	go func() {
		<-told
		os.Exit(0)
	}()
	listener, err := net.Listen("tcp", ":8080")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for {
		if client, err := listener.Accept(); err == nil {
			go serve(client)
		}
	}
}
