package dev.starling.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.launcher.Options.DrainStrategy;
import dev.starling.launcher.Options.IpVersion;
import dev.starling.launcher.Options.Mode;
import dev.starling.launcher.log.LogLevel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StarlingTest {

    private final CommandLineFixture commandLine = new CommandLineFixture();

    @Test
    void fillsInTheDefaultsOfEnvoy() {
        var options = commandLine.optionsOf("-c", "envoy.yaml");

        assertThat(options.source().path()).contains(Path.of("envoy.yaml"));
        assertThat(options.mode()).isEqualTo(Mode.SERVE);
        assertThat(options.concurrency()).isEqualTo(CommandLineFixture.CORES);
        assertThat(options.draining().time()).isEqualTo(Duration.ofMinutes(10));
        assertThat(options.draining().strategy()).isEqualTo(DrainStrategy.GRADUAL);
        assertThat(options.draining().parentShutdownTime()).isEqualTo(Duration.ofMinutes(15));
        assertThat(options.draining().shutdownGrace()).isEqualTo(Duration.ofSeconds(25));
        assertThat(options.log().level()).isEqualTo(LogLevel.INFO);
        assertThat(options.log().format().pattern()).isEqualTo("[%Y-%m-%d %T.%e][%t][%l][%n] [%g:%#] %v");
        assertThat(options.accessLogFlush().interval()).isEqualTo(Duration.ofSeconds(10));
        assertThat(options.accessLogFlush().minimumKilobytes()).isEqualTo(64);
        assertThat(options.unknownFields().allowStatic()).isFalse();
        assertThat(options.localAddressIpVersion()).isEqualTo(IpVersion.V4);
    }

    @Test
    void takesTheCommandLineOfIstiosAgent() {
        var options = commandLine.optionsOf(
                "-c",
                "etc/istio/proxy/envoy-rev.json",
                "--drain-time-s",
                "45",
                "--drain-strategy",
                "immediate",
                "--local-address-ip-version",
                "v4",
                "--file-flush-interval-msec",
                "1000",
                "--disable-hot-restart",
                "--allow-unknown-static-fields",
                "--file-flush-min-size-kb",
                "1",
                "-l",
                "warning",
                "--component-log-level",
                "misc:error",
                "--skip-deprecated-logs",
                "--config-yaml",
                "{\"node\": {\"id\": \"sidecar~10.0.0.1~a.b\"}}",
                "--concurrency",
                "2");

        assertThat(options.draining().time()).isEqualTo(Duration.ofSeconds(45));
        assertThat(options.draining().strategy()).isEqualTo(DrainStrategy.IMMEDIATE);
        assertThat(options.accessLogFlush().interval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(options.accessLogFlush().minimumKilobytes()).isEqualTo(1);
        assertThat(options.unknownFields().allowStatic()).isTrue();
        assertThat(options.log().level()).isEqualTo(LogLevel.WARNING);
        assertThat(options.log().components()).isEqualTo(Map.of("misc", LogLevel.ERROR));
        assertThat(options.skipDeprecatedLogs()).isTrue();
        assertThat(options.source().yaml()).contains("{\"node\": {\"id\": \"sidecar~10.0.0.1~a.b\"}}");
        assertThat(options.concurrency()).isEqualTo(2);
        assertThat(options.hotRestart().disabled()).isTrue();
    }

    @Test
    void takesTheCommandLineOfEnvoyGateway() {
        var options = commandLine.optionsOf(
                "--service-cluster",
                "default/eg",
                "--service-node",
                "envoy-default-eg-5d",
                "--config-yaml",
                "admin:\n  address: {}\n",
                "--log-level",
                "warn",
                "--cpuset-threads",
                "--drain-strategy",
                "immediate",
                "--concurrency",
                "4",
                "--component-log-level",
                "admin:debug,upstream:trace",
                "--drain-time-s",
                "60");

        assertThat(options.identity().serviceCluster()).isEqualTo("default/eg");
        assertThat(options.identity().serviceNode()).isEqualTo("envoy-default-eg-5d");
        assertThat(options.source().path()).isEmpty();
        assertThat(options.source().yaml()).contains("admin:\n  address: {}\n");
        assertThat(options.log().level()).isEqualTo(LogLevel.WARNING);
        assertThat(options.log().components()).isEqualTo(Map.of("admin", LogLevel.DEBUG, "upstream", LogLevel.TRACE));
    }

    @Test
    void takesTheCommandLinesOfTheControlPlanesOwnTests() {
        var go = commandLine.optionsOf("-c", "sample/bootstrap-ads.yaml", "--drain-time-s", "1", "-l", "debug");
        var java = commandLine.optionsOf("--drain-time-s", "1", "-c", "/tmp/envoy.yaml", "-l", "debug");

        assertThat(go.draining().time()).isEqualTo(Duration.ofSeconds(1));
        assertThat(java.log().level()).isEqualTo(LogLevel.DEBUG);
    }

    @Test
    void takesEveryOtherFlagOfEnvoy(@TempDir Path folder) throws Exception {
        var options = commandLine.optionsOf(
                "-c",
                "a.json",
                "--mode",
                "init_only",
                "--service-zone=eu-1",
                "--base-id",
                "7",
                "--base-id-path",
                folder.resolve("id").toString(),
                "--restart-epoch",
                "0",
                "--skip-hot-restart-on-no-parent",
                "--skip-hot-restart-parent-stats",
                "--parent-shutdown-time-s",
                "90",
                "--admin-address-path",
                "/tmp/admin",
                "--log-path",
                "/tmp/log",
                "--log-format",
                "%v",
                "--log-format-escaped",
                "--reject-unknown-dynamic-fields",
                "--ignore-unknown-dynamic-fields",
                "--disable-extensions",
                "envoy.filters.http/envoy.filters.http.lua,envoy.echo",
                "--socket-path",
                "@starling",
                "--socket-mode",
                "644",
                "--enable-mutex-tracing",
                "--enable-core-dump",
                "--log-stacktrace-single-entry",
                "--stats-tag",
                "env:prod",
                "--stats-tag",
                "shard:7",
                "--shutdown-grace-s",
                "0");

        assertThat(options.mode()).isEqualTo(Mode.INIT_ONLY);
        assertThat(options.identity().serviceZone()).isEqualTo("eu-1");
        assertThat(folder.resolve("id")).hasContent("7");
        assertThat(Files.exists(folder.resolve("id"))).isTrue();
        assertThat(options.draining().shutdownGrace()).isEqualTo(Duration.ZERO);
        assertThat(options.unknownFields().rejectDynamic()).isTrue();
        assertThat(options.unknownFields().ignoreDynamic()).isTrue();
        assertThat(options.disabledExtensions())
                .isEqualTo(List.of("envoy.filters.http/envoy.filters.http.lua", "envoy.echo"));
        assertThat(options.hotRestart().socketPath()).isEqualTo("@starling");
        assertThat(options.hotRestart().socketMode()).isEqualTo(0644);
        assertThat(options.statsTags()).isEqualTo(Map.of("env", "prod", "shard", "7"));
    }

    @Test
    void makesNoConcurrencyOneLoop() {
        var options = commandLine.optionsOf("-c", "a.yaml", "--concurrency", "0");

        assertThat(options.concurrency()).isEqualTo(1);
    }

    @Test
    void namesAnUnknownFlag() {
        String complaint = commandLine.complaintAbout("-c", "a.yaml", "--bogus=1");

        assertThat(complaint).isEqualTo("starling: unknown flag --bogus; see --help\n");
    }

    @Test
    void refusesStrayWords() {
        String complaint = commandLine.complaintAbout("envoy.yaml");

        assertThat(complaint).startsWith("starling: unexpected argument envoy.yaml");
    }

    @Test
    void ignoresWhatFollowsTwoDashes() {
        var options = commandLine.optionsOf("-c", "a.yaml", "--", "--bogus");

        assertThat(options.source().path()).contains(Path.of("a.yaml"));
    }

    @Test
    void refusesAFlagWithoutItsValueAndAFlagGivenTwice() {
        assertThat(commandLine.complaintAbout("-c")).isEqualTo("starling: no value for --config-path; see --help\n");
        assertThat(commandLine.complaintAbout("-c", "a", "-c", "b"))
                .endsWith("starling: --config-path is given twice\n");
        var again = new CommandLineFixture();
        assertThat(again.complaintAbout("-c", "a", "--disable-hot-restart", "--disable-hot-restart"))
                .isEqualTo("starling: --disable-hot-restart is given twice\n");
    }

    @Test
    void refusesWhatCannotBeAPath() {
        assertThat(commandLine.complaintAbout("-c", "a\0b"))
                .isEqualTo("starling: --config-path: 'a\0b' is not a path: Nul character not allowed\n");
    }

    @Test
    void refusesValuesThatEnvoyRefuses() {
        Map<String, List<String>> complaints = Map.ofEntries(
                Map.entry("unknown mode 'bogus'", List.of("--mode", "bogus")),
                Map.entry("invalid log level specified 'loud'", List.of("-l", "loud")),
                Map.entry("--concurrency: 'abc' is not a number from 0 to 1024", List.of("--concurrency", "abc")),
                Map.entry(
                        "--drain-time-s: '5000000000' is not a number from 0 to 4294967295",
                        List.of("--drain-time-s", "5000000000")),
                Map.entry("unknown drain-strategy 'x'", List.of("--drain-strategy", "x")),
                Map.entry("unknown IP address version 'v5'", List.of("--local-address-ip-version", "v5")),
                Map.entry("invalid component specified 'foo'", List.of("--component-log-level", "foo:debug")),
                Map.entry(
                        "component log level not correctly specified 'http'", List.of("--component-log-level", "http")),
                Map.entry(
                        "component log level not correctly specified ''",
                        List.of("--component-log-level", "http:info,")),
                Map.entry("misformatted stats-tag 'a'", List.of("--stats-tag", "a")),
                Map.entry(
                        "cannot use --restart-epoch=1 with --use-dynamic-base-id",
                        List.of("--restart-epoch", "1", "--use-dynamic-base-id")));

        complaints.forEach((complaint, flags) -> {
            var fresh = new CommandLineFixture();
            assertThat(fresh.complaintAbout(flags.toArray(String[]::new))).isEqualTo("starling: " + complaint + "\n");
        });
    }

    @Test
    void asksForAConfiguration() {
        assertThat(commandLine.complaintAbout()).startsWith("starling: no configuration");
    }

    @Test
    void saysThatAConfigurationIsRight() {
        commandLine.run("--mode", "validate", "-c", "envoy.yaml");

        assertThat(commandLine.runner.asked)
                .extracting(RecordingRunner.Asked::what)
                .containsExactly("validate");
        assertThat(commandLine.out()).isEqualTo("configuration 'envoy.yaml' OK\n");
    }

    @Test
    void printsAConfiguration() {
        commandLine.run("config", "print", "-c", "envoy.conf");

        assertThat(commandLine.runner.asked).singleElement().satisfies(asked -> {
            assertThat(asked.what()).isEqualTo("print");
            assertThat(asked.options().source().path()).contains(Path.of("envoy.conf"));
        });
    }

    @Test
    void runsTheDemoOnItsPorts() {
        commandLine.run("demo");
        commandLine.run("demo", "--port", "0", "--admin-port=0", "--concurrency", "2");

        assertThat(commandLine.runner.demos)
                .extracting(
                        DemoOptions::port,
                        DemoOptions::adminPort,
                        demo -> demo.common().concurrency())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(10_000, 15_000, CommandLineFixture.CORES),
                        org.assertj.core.groups.Tuple.tuple(0, 0, 2));
    }

    @Test
    void saysItsVersionAsEnvoyDoes() {
        int code = commandLine.run("--version");

        assertThat(code).isZero();
        assertThat(commandLine.out())
                .matches(
                        "starling  version: [^/]+/\\d+\\.\\d+\\.\\d+[^/]*/[^/]+/[^/]+/[^/]+ \\(Envoy API 1\\.34\\)\\R");
    }

    @Test
    void explainsEveryFlag() {
        int code = commandLine.run("--help");

        assertThat(code).isZero();
        assertThat(commandLine.out())
                .contains("Accepted so that Envoy's command lines work, without effect:", "--shutdown-grace-s S")
                .doesNotContain("aot-training");
        assertThat(commandLine.run("demo", "--help")).isZero();
        assertThat(commandLine.out()).contains("--admin-port PORT");
    }

    @Test
    void completesInBashAndZsh() {
        commandLine.run("completion", "bash");

        assertThat(commandLine.out())
                .contains(" --drain-strategy ", "complete -o filenames -F _starling starling")
                .doesNotContain("bashcompinit");
        commandLine.run("completion", "zsh");
        assertThat(commandLine.out()).contains("bashcompinit");
        assertThat(commandLine.complaintAbout("completion", "fish")).startsWith("starling: no completion for 'fish'");
    }
}
