# Finds a Java 25 or newer. Sourced by ./starling, ./check and .ci/run, so that all three agree on where to look.
# shellcheck shell=bash

STARLING_JAVA_FLOOR=25

# Prints the feature version of the JDK in folder $1, from its release file when it has one (no process started).
jdk_version() {
    local line version=""
    if [ -r "$1/release" ]; then
        while IFS= read -r line; do
            case "$line" in JAVA_VERSION=*)
                version=${line#JAVA_VERSION=}
                version=${version//\"/}
                break
                ;;
            esac
        done <"$1/release"
    fi
    if [ -z "$version" ]; then
        version=$("$1/bin/java" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/\1/p;1q')
    fi
    version=${version#1.} # 1.8 was the old way to say 8
    printf '%s' "${version%%[!0-9]*}"
}

# Is the folder $1 a runtime new enough?
jdk_fits() {
    local version
    [ -x "$1/bin/java" ] || return 1
    version=$(jdk_version "$1")
    [ -n "$version" ] && [ "$version" -ge "$STARLING_JAVA_FLOOR" ]
}

# Does the folder $1 also have a compiler, so that it can build?
jdk_compiles() {
    [ -x "$1/bin/javac" ]
}

# The folder that a java command belongs to, through its links.
jdk_of_command() {
    local command target
    command=$1
    while [ -L "$command" ]; do
        target=$(readlink "$command")
        case "$target" in
            /*) command=$target ;;
            *) command=$(dirname "$command")/$target ;;
        esac
    done
    (cd "$(dirname "$command")/.." 2>/dev/null && pwd -P)
}

# Prints the folder of the first Java that fits: STARLING_JAVA (a folder or a java command), JAVA_HOME, PATH, then the
# folders where installers put one. Fails when there is none.
find_jdk() {
    local candidate command
    if [ -n "${STARLING_JAVA:-}" ]; then
        candidate=$STARLING_JAVA
        [ -d "$candidate" ] || candidate=$(jdk_of_command "$candidate")
        if [ -n "$candidate" ] && jdk_fits "$candidate"; then
            printf '%s\n' "$candidate"
            return 0
        fi
        # Whoever names one wants that one: do not take another in silence.
        return 1
    fi
    if [ -n "${JAVA_HOME:-}" ] && jdk_fits "$JAVA_HOME"; then
        printf '%s\n' "$JAVA_HOME"
        return 0
    fi
    if command=$(command -v java); then
        candidate=$(jdk_of_command "$command")
        if [ -n "$candidate" ] && jdk_fits "$candidate"; then
            printf '%s\n' "$candidate"
            return 0
        fi
    fi
    for candidate in \
        /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/java/* /usr/local/openjdk-* /opt/java* /opt/java/* \
        /opt/jdk* /opt/*jdk* "${HOME:-/nonexistent}"/.sdkman/candidates/java/* "${HOME:-/nonexistent}"/.jdks/* \
        "${HOME:-/nonexistent}"/.local/share/mise/installs/java/* "${HOME:-/nonexistent}"/.asdf/installs/java/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home \
        "${HOME:-/nonexistent}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
        /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
        if jdk_fits "$candidate" && jdk_compiles "$candidate"; then
            printf '%s\n' "$candidate"
            return 0
        fi
    done
    return 1
}

# One clear complaint, on standard error.
complain_no_jdk() {
    if [ -n "${STARLING_JAVA:-}" ]; then
        echo "$1: STARLING_JAVA is '$STARLING_JAVA', which is not a Java $STARLING_JAVA_FLOOR or newer." >&2
    else
        echo "$1: no JDK $STARLING_JAVA_FLOOR or newer was found." \
            "Install one, or name one with STARLING_JAVA or JAVA_HOME." >&2
    fi
}
