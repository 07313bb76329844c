package dev.starling.xds.relay;

/** What there is to serve. Any thread. */
interface Catalogue {

    ServedType of(String typeUrl);
}
