package dev.starling.tests.envoy;

/**
 * One exchange on a connection of its own.
 *
 * @param request what the client sends before it waits for the end
 * @param answer what the upstream sends for a request head, see {@link ScriptedUpstream}
 */
record ExchangeCase(String name, String request, String answer) {

    @Override
    public String toString() {
        return name;
    }
}
