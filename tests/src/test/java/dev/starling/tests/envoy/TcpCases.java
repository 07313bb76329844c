package dev.starling.tests.envoy;

import dev.starling.tests.envoy.TcpCase.Play;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The connections that are compared; the names say what each is about. */
final class TcpCases {

    /** More than the kernel holds between two that do not read. */
    private static final int MUCH_BYTES = 32 << 20;

    private final List<TcpCase> cases = new ArrayList<>();

    private TcpCases() {}

    static List<TcpCase> all() {
        TcpCases all = new TcpCases();
        all.bytes();
        all.muchWithSlowReaders();
        all.ends();
        all.resets();
        all.noUpstream();
        all.time();
        all.otherFilters();
        return all.cases;
    }

    private void add(String name, String listener, Play play) {
        cases.add(new TcpCase(name, listener, play));
    }

    /** On a listener whose endpoint is there. */
    private void add(String name, Dialogue dialogue) {
        add(name, "plain", connected(dialogue));
    }

    private static Play connected(Dialogue dialogue) {
        return stage -> {
            TcpPeer client = stage.client();
            dialogue.between(client, stage.accept());
        };
    }

    private interface Dialogue {
        void between(TcpPeer client, TcpPeer upstream) throws IOException;
    }

    private void bytes() {
        add("client speaks first", (client, upstream) -> {
            client.send("question");
            upstream.get(8).send("answer");
            client.get(6).leave();
            upstream.getAll().leave();
        });
        add("upstream speaks first", (client, upstream) -> {
            upstream.send("greeting");
            client.get(8).send("thanks");
            upstream.get(6).leave();
            client.getAll().leave();
        });
        add("nobody speaks and the client leaves", (client, upstream) -> {
            client.leave();
            upstream.getAll().leave();
        });
        add("nobody speaks and the upstream leaves", (client, upstream) -> {
            upstream.leave();
            client.getAll().leave();
        });
        add("client speaks and leaves before it is accepted", "plain", stage -> {
            stage.client().send("early").leave();
            stage.accept().getAll().leave();
        });
        add("client speaks and ends before it is accepted", "plain", stage -> {
            TcpPeer client = stage.client().send("early").end();
            stage.accept().getAll().send("late").leave();
            client.getAll();
        });
        add("many turns", (client, upstream) -> {
            for (int i = 0; i < 20; i++) {
                client.send("ping" + i);
                upstream.get(("ping" + i).length()).send("pong" + i);
                client.get(("pong" + i).length());
            }
            client.leave();
            upstream.getAll();
        });
    }

    /** The readers begin only when the proxy has stopped to read for want of room. */
    private void muchWithSlowReaders() {
        add("much up", "small", stage -> {
            TcpPeer client = stage.client().pour(MUCH_BYTES);
            TcpPeer upstream = stage.accept();
            stage.awaitMore("tcp.small.downstream_flow_control_paused_reading_total");
            upstream.drain().leave();
            client.getAll();
        });
        add("much down", "small", stage -> {
            TcpPeer client = stage.client();
            TcpPeer upstream = stage.accept().pour(MUCH_BYTES);
            stage.awaitMore("cluster.small.upstream_flow_control_paused_reading_total");
            client.drain().leave();
            upstream.getAll();
        });
        add("much both ways", "small", stage -> {
            TcpPeer client = stage.client().pour(MUCH_BYTES);
            TcpPeer upstream = stage.accept().pour(MUCH_BYTES);
            stage.awaitMore("tcp.small.downstream_flow_control_paused_reading_total");
            stage.awaitMore("cluster.small.upstream_flow_control_paused_reading_total");
            upstream.drain();
            client.drain();
        });
    }

    private void ends() {
        add("client ends and the upstream goes on", (client, upstream) -> {
            client.send("all").end();
            upstream.getAll().send("first");
            client.get(5);
            upstream.send("second").end();
            client.getAll();
        });
        add("upstream ends and the client goes on", (client, upstream) -> {
            upstream.send("all").end();
            client.getAll().send("first");
            upstream.get(5);
            client.send("second");
            upstream.get(6);
            client.end();
            upstream.getAll();
        });
        add("upstream closes and the client goes on", (client, upstream) -> {
            upstream.send("all").leave();
            client.getAll().probe();
        });
        add("client closes and the upstream goes on", (client, upstream) -> {
            client.send("all").leave();
            upstream.getAll().probe();
        });
        add("upstream ends and the client closes", (client, upstream) -> {
            upstream.send("all").end();
            client.getAll().leave();
            upstream.getAll().probe();
        });
        add("client ends and the upstream closes", (client, upstream) -> {
            client.send("all").end();
            upstream.getAll().leave();
            client.getAll().probe();
        });
        add("client ends and the upstream says nothing", (client, upstream) -> {
            client.end();
            upstream.getAll().listen();
            client.listen();
        });
        add("client ends and then the upstream", (client, upstream) -> {
            client.end();
            upstream.getAll().end();
            client.getAll();
        });
        add("upstream ends and then the client", (client, upstream) -> {
            upstream.end();
            client.getAll().end();
            upstream.getAll();
        });
        add("client leaves without reading", (client, upstream) -> {
            upstream.send("unread");
            client.get(2).leave();
            upstream.getAll().probe();
        });
        add("upstream leaves without reading", (client, upstream) -> {
            client.send("unread");
            upstream.get(2).leave();
            client.getAll().probe();
        });
    }

    private void resets() {
        add("client resets", (client, upstream) -> {
            client.send("x");
            upstream.get(1);
            client.reset();
            upstream.getAll();
        });
        add("upstream resets", (client, upstream) -> {
            client.send("x");
            upstream.get(1).reset();
            client.getAll();
        });
        add("client resets at once", (client, upstream) -> {
            client.reset();
            upstream.getAll();
        });
        add("upstream resets at once", "plain", stage -> {
            TcpPeer client = stage.client();
            TcpPeer upstream = stage.accept();
            stage.sees("cluster.up.upstream_rq_active", 1);
            upstream.reset();
            client.getAll();
        });
        add("upstream sends and resets", (client, upstream) -> {
            upstream.send("part");
            client.get(4);
            upstream.reset();
            client.getAll();
        });
        add("client ends and then resets", (client, upstream) -> {
            client.send("x").end();
            upstream.getAll();
            client.reset();
            upstream.listen();
            upstream.probe();
        });
        add("upstream ends and then resets", (client, upstream) -> {
            upstream.send("x").end();
            client.getAll();
            upstream.reset();
            client.listen();
            client.probe();
        });
        add("client ends and the upstream resets", (client, upstream) -> {
            client.send("x").end();
            upstream.getAll().reset();
            client.getAll();
        });
        add("upstream ends and the client resets", (client, upstream) -> {
            upstream.send("x").end();
            client.getAll().reset();
            upstream.getAll();
        });
    }

    private void noUpstream() {
        add("refused", "refused", stage -> stage.client().getAll());
        add("refused three times", "refused-thrice", stage -> stage.client().getAll());
        add("one of two endpoints refuses", "half-dead", stage -> {
            for (int i = 0; i < 2; i++) {
                TcpPeer client = stage.client().send("x");
                stage.accept().get(1).leave();
                client.getAll().leave();
            }
        });
        add("connect timeout", "hanging", stage -> stage.client().getAll());
        add(
                "connect timeout with bytes sent",
                "hanging",
                stage -> stage.client().send("early").getAll());
        add("client leaves meanwhile", "patient", stage -> {
            TcpPeer client = stage.client();
            stage.sees("cluster.patient.upstream_rq_pending_active", 1);
            client.leave();
        });
        add("client resets meanwhile", "patient", stage -> {
            TcpPeer client = stage.client();
            stage.sees("cluster.patient.upstream_rq_pending_active", 1);
            client.reset();
        });
        add("no endpoint", "empty", stage -> stage.client().getAll());
        add("no cluster", "missing", stage -> stage.client().getAll());
        add("breaker of connections full", "full", stage -> {
            TcpPeer first = stage.client().send("x");
            TcpPeer upstream = stage.accept().get(1);
            stage.sees("cluster.full.circuit_breakers.default.cx_open", 1);
            stage.client().getAll();
            first.leave();
            upstream.getAll().leave();
            stage.sees("cluster.full.circuit_breakers.default.cx_open", 0);
            TcpPeer third = stage.client().send("y");
            stage.accept().get(1).leave();
            third.getAll();
        });
        add(
                "breaker of pending requests full",
                "none-pending",
                stage -> stage.client().getAll());
    }

    private void time() {
        add("idle", "idle", connected((client, upstream) -> {
            upstream.send("x");
            client.get(1).getAll();
            upstream.getAll();
        }));
        add("idle from the start", "idle", connected((client, upstream) -> {
            client.getAll().probe();
            upstream.getAll().probe();
        }));
        add("idle behind an end", "idle", connected((client, upstream) -> {
            client.end();
            upstream.getAll();
            client.getAll();
            upstream.probe();
        }));
        add("over its time", "limited", connected((client, upstream) -> {
            client.send("x");
            upstream.get(1).send("y");
            client.get(1).getAll();
            upstream.getAll();
        }));
        add(
                "over its time while it connects",
                "limited-hanging",
                stage -> stage.client().getAll());
        add("idle while it connects", "idle-hanging", stage -> {
            TcpPeer client = stage.client();
            stage.sees("cluster.patient.upstream_rq_pending_active", 1);
            client.getAll();
        });
    }

    private void otherFilters() {
        add("direct response", "direct", stage -> stage.client().getAll());
        add(
                "direct response to one who ends",
                "direct",
                stage -> stage.client().end().getAll());
        add("echo", "echo", stage -> stage.client().send("abc").get(3).end().getAll());
        add(
                "echo to one who resets",
                "echo",
                stage -> stage.client().send("abc").get(3).reset());
        add(
                "echo to one who leaves",
                "echo",
                stage -> stage.client().send("abc").get(3).leave());
        add(
                "echo to one who says nothing",
                "echo",
                stage -> stage.client().end().getAll());
    }
}
