package journal

import (
	"context"
	"runtime"
	"sync"
)

const (
	pageBlocks = 64       // blocks asked of the store at a time
	chunkBytes = 64 << 10 // blocks handed to one goroutine at a time; a block is never divided
)

// replay reads the store from block n on, to its end, decodes blocks on all processors and hands them
// over in order. It stops at the first error, of the store (returned as it is), of a block (a
// *CorruptError) or of each.
func replay(ctx context.Context, store Store, n uint64, views []View, each func(n uint64, block []byte, d *decodedBlock) error) error {
	type chunk struct {
		n       uint64
		blocks  [][]byte
		decoded []decodedBlock
		err     error
		done    chan struct{}
	}
	ctx, stop := context.WithCancel(ctx)
	workers := runtime.GOMAXPROCS(0)
	todo := make(chan *chunk, workers)
	ordered := make(chan *chunk, 2*workers)
	var readErr error
	var wg sync.WaitGroup
	defer wg.Wait()
	defer stop()

	wg.Go(func() { // reads pages, cuts them into chunks
		defer close(todo)
		defer close(ordered)
		for {
			page, err := store.Blocks(ctx, n, pageBlocks)
			if err != nil || len(page) == 0 {
				readErr = err
				return
			}
			for len(page) > 0 {
				c := &chunk{n: n, done: make(chan struct{})}
				for size := 0; len(page) > 0 && size < chunkBytes; page = page[1:] {
					size += len(page[0])
					c.blocks = append(c.blocks, page[0])
				}
				n += uint64(len(c.blocks))
				for _, ch := range []chan *chunk{todo, ordered} {
					select {
					case ch <- c:
					case <-ctx.Done():
						readErr = ctx.Err()
						return
					}
				}
			}
		}
	})
	for range workers {
		wg.Go(func() {
			var br blockReader
			for c := range todo {
				c.decoded = make([]decodedBlock, len(c.blocks))
				for i, block := range c.blocks {
					if c.decoded[i], c.err = br.read(block, views); c.err != nil {
						c.err = &CorruptError{Block: c.n + uint64(i), Reason: "unreadable", Err: c.err}
						c.decoded = c.decoded[:i]
						break
					}
				}
				close(c.done)
			}
		})
	}
	for c := range ordered {
		<-c.done
		for i := range c.decoded {
			if err := each(c.n+uint64(i), c.blocks[i], &c.decoded[i]); err != nil {
				return err
			}
		}
		if c.err != nil {
			return c.err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return readErr
}
