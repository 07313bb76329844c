package dev.starling.config.proto.print;

/** What becomes of fields that Envoy marks as sensitive: private keys, passwords, tokens. */
public enum Redaction {
    NONE,
    SECRETS
}
