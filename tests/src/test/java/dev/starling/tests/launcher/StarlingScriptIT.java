package dev.starling.tests.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How {@code ./starling} finds its Java, seen with Javas that only say their version and what they are told. */
class StarlingScriptIT {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** What came of a run. */
    private record Outcome(int code, String out, String err) {}

    @TempDir
    Path folder;

    /** An installation without sources: the scripts and a jar, so that nothing is built. */
    @BeforeEach
    void install() throws IOException {
        Files.createDirectories(folder.resolve("scripts"));
        Files.createDirectories(folder.resolve("launcher/target"));
        Files.copy(ROOT.resolve("starling"), folder.resolve("starling"));
        Files.copy(ROOT.resolve("scripts/jdk.sh"), folder.resolve("scripts/jdk.sh"));
        Files.createFile(folder.resolve("launcher/target/starling-launcher.jar"));
    }

    @Test
    void refusesAJavaThatIsTooOld() throws Exception {
        var old = java("17.0.15");

        var outcome = starling(Map.of("STARLING_JAVA", old.toString()));

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err())
                .isEqualTo("starling: STARLING_JAVA is '" + old + "', which is not a Java 25 or newer.\n");
    }

    @Test
    void takesTheJavaItIsGiven() throws Exception {
        var java = java("25.0.1");

        var outcome = starling(Map.of("STARLING_JAVA", java.toString()), "-c", "a file.yaml");

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out())
                .startsWith("25.0.1\n")
                .contains("-XX:+UseCompactObjectHeaders\n")
                .endsWith("\n-jar\n" + folder.toRealPath().resolve("launcher/target/starling-launcher.jar")
                        + "\n-c\na file.yaml\n");
    }

    @Test
    void takesACommandToo() throws Exception {
        var java = java("26.0.1");

        var outcome = starling(Map.of("STARLING_JAVA", java.resolve("bin/java").toString()));

        assertThat(outcome.out()).startsWith("26.0.1\n");
    }

    @Test
    void prefersJavaHomeToThePathAndPassesByWhatIsTooOld() throws Exception {
        var home = java("25.0.1");
        var path = java("25.0.2");
        var old = java("21.0.1");

        assertThat(starling(Map.of("JAVA_HOME", home.toString(), "PATH", path.resolve("bin") + ":/usr/bin:/bin"))
                        .out())
                .startsWith("25.0.1\n");
        assertThat(starling(Map.of("JAVA_HOME", old.toString(), "PATH", path.resolve("bin") + ":/usr/bin:/bin"))
                        .out())
                .startsWith("25.0.2\n");
    }

    @Test
    void worksThroughALink() throws Exception {
        var java = java("25.0.1");
        Files.createDirectories(folder.resolve("bin"));
        var link = Files.createSymbolicLink(folder.resolve("bin/starling"), Path.of("../starling"));

        var outcome = run(link, Map.of("STARLING_JAVA", java.toString()));

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains("starling-launcher.jar");
    }

    @Test
    void givesJavaALocaleOfUnicodeWhereThereIsNone() throws Exception {
        var java = java("25.0.1");
        Files.writeString(java.resolve("bin/java"), "#!/bin/sh\necho \"${LC_ALL:-none} ${LANG:-none}\"\n");
        var given = "STARLING_JAVA";

        assertThat(starling(Map.of(given, java.toString())).out()).isEqualTo("C.UTF-8 none\n");
        assertThat(starling(Map.of(given, java.toString(), "LC_ALL", "POSIX")).out())
                .isEqualTo("C.UTF-8 none\n");
        assertThat(starling(Map.of(given, java.toString(), "LANG", "de_DE.UTF-8"))
                        .out())
                .isEqualTo("none de_DE.UTF-8\n");
    }

    @Test
    void usersFlagsComeLastAndThePlanIsToldOnRequest() throws Exception {
        var java = java("25.0.1");

        var outcome = starling(Map.of(
                "STARLING_JAVA", java.toString(), "STARLING_JAVA_OPTS", "-Xmx64m -Xlog:gc", "STARLING_DEBUG", "1"));

        assertThat(outcome.out()).contains("\n-Xmx64m\n-Xlog:gc\n-jar\n");
        assertThat(outcome.err()).contains("starling: no AOT cache that fits", "-Xmx64m -Xlog:gc -jar");
    }

    /** A folder like a JDK's, whose java prints its version and its arguments. */
    private Path java(String version) throws IOException {
        var home = folder.resolve("java-" + version);
        var command = home.resolve("bin/java");
        Files.createDirectories(command.getParent());
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Test\"\nJAVA_VERSION=\"" + version + "\"\n");
        Files.writeString(command, "#!/bin/sh\necho " + version + "\nprintf '%s\\n' \"$@\"\n");
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));
        return home;
    }

    private Outcome starling(Map<String, String> environment, String... arguments) throws Exception {
        return run(folder.resolve("starling"), environment, arguments);
    }

    private Outcome run(Path script, Map<String, String> environment, String... arguments) throws Exception {
        var out = folder.resolve("out");
        var err = folder.resolve("err");
        var builder = new ProcessBuilder(script.toString())
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.command().addAll(List.of(arguments));
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().putAll(environment);
        var process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Outcome(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }
}
