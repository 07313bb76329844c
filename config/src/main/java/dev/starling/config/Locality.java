package dev.starling.config;

/** Region, zone and sub-zone; empty strings where unset. */
public record Locality(String region, String zone, String subZone) {

    public static final Locality NONE = new Locality("", "", "");
}
