//go:build unix

package pgjournal_test

import (
	"context"
	"crypto/ed25519"
	"encoding/binary"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/pgjournal"
)

// A road leads to a server, and can be broken: towards the client only, so that the server notices nothing. What a client sends to cancel a statement gets
// lost on it.
type road struct {
	mu    sync.Mutex
	conns []*net.TCPConn
}

// cancelRequest is the code of the first message of a connection that cancels what another one does (PostgreSQL, message formats).
const cancelRequest = 80877102

// newRoad returns a road to the server at an address, and the address at its near end.
func newRoad(t *testing.T, address string) (*road, string) {
	t.Helper()
	config, err := pgx.ParseConfig(address)
	require.NoError(t, err)
	network, server := pgconn.NetworkAddress(config.Host, config.Port)
	l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, l.Close()) })
	r := new(road)
	t.Cleanup(r.cut)
	go func() {
		for {
			near, err := l.AcceptTCP()
			if err != nil {
				return
			}
			r.mu.Lock()
			r.conns = append(r.conns, near)
			r.mu.Unlock()
			go func() {
				var first [8]byte // length and kind of the first message
				if _, err := io.ReadFull(near, first[:]); err != nil || binary.BigEndian.Uint32(first[4:]) == cancelRequest {
					_ = near.Close()
					return
				}
				far, err := net.Dial(network, server)
				if err != nil {
					_ = near.Close()
					return
				}
				_, _ = far.Write(first[:])
				go func() { _, _ = io.Copy(far, near) }()
				_, _ = io.Copy(near, far) // ends when the server has nothing more to say to who is gone
				_ = far.Close()
			}()
		}
	}()
	u, err := url.Parse(address)
	require.NoError(t, err)
	q := u.Query()
	q.Del("host")
	u.Host, u.RawQuery = l.Addr().String(), q.Encode()
	return r, u.String()
}

// cut breaks all connections there are.
func (r *road) cut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.conns {
		_ = c.CloseWrite() // tells the client, even while another goroutine is using the connection
		_ = c.Close()
	}
	r.conns = nil
}

// TestWhatTheServerStoresAfterTheConnectionBrokeIsFoundOut lets the server hesitate in the midst of storing a block.
func TestWhatTheServerStoresAfterTheConnectionBrokeIsFoundOut(t *testing.T) {
	t.Parallel()
	place := newPlace(t)
	road, near := newRoad(t, place)
	store := open(t, near, &pgjournal.Options{Schema: schemaOf(place)})
	signer, err := journal.NewSigner("le-gue.example/journal", ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	require.NoError(t, err)
	j, err := journal.Open(t.Context(), store, signer, nil)
	require.NoError(t, err)
	db := host(t, place)
	_, err = db.ExecContext(t.Context(), `CREATE TABLE gate (id integer PRIMARY KEY);
		INSERT INTO gate VALUES (1);
		CREATE FUNCTION hesitate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM gate FOR SHARE; RETURN NEW; END $$;
		CREATE TRIGGER hesitate BEFORE INSERT ON blocks FOR EACH ROW EXECUTE FUNCTION hesitate()`)
	require.NoError(t, err)
	gate, err := db.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	_, err = gate.ExecContext(t.Context(), `SELECT 1 FROM gate FOR UPDATE`)
	require.NoError(t, err)

	type outcome struct {
		records []journal.Record
		err     error
	}
	ended := make(chan outcome, 1)
	go func() {
		records, err := j.Update(context.Background(), func() ([]journal.Draft, error) {
			return []journal.Draft{{Kind: "example.note", Payload: map[string]string{"text": "hello"}}}, nil
		})
		ended <- outcome{records, err}
	}()
	hesitating := func() (n int) {
		require.NoError(t, db.QueryRowContext(t.Context(), `SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%"`+schemaOf(place)+`"."blocks"%' AND wait_event_type = 'Lock'`).Scan(&n))
		return n
	}
	for hesitating() < 1 {
		time.Sleep(time.Millisecond)
	}
	road.cut()
	for hesitating() < 2 && len(ended) == 0 { // whoever asks again waits too
		time.Sleep(time.Millisecond)
	}
	require.Empty(t, ended, "the update ended before the server has decided")
	require.NoError(t, gate.Rollback())
	o := <-ended
	require.NoError(t, o.err)
	require.Equal(t, uint64(1), o.records[0].Position)
	for hesitating() > 0 {
		time.Sleep(time.Millisecond)
	}
	page, err := store.Blocks(t.Context(), 0, 10)
	require.NoError(t, err)
	require.Len(t, page, 2, "once")
	_, err = journal.Verify(t.Context(), store, signer.VerifierKey(), &journal.VerifyOptions{Checkpoint: j.Checkpoint()})
	require.NoError(t, err)
}
