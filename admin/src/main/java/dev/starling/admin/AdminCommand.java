package dev.starling.admin;

import java.util.Arrays;
import java.util.List;

/**
 * A path of the admin API, as {@code /help} lists it.
 *
 * @param mutates whether it takes POST only
 */
record AdminCommand(String path, String help, boolean mutates, List<Parameter> parameters, AdminPage page) {

    record Parameter(String name, String help) {}

    static AdminCommand read(String path, String help, AdminPage page) {
        return new AdminCommand(path, help, false, List.of(), page);
    }

    static AdminCommand mutation(String path, String help, AdminPage page) {
        return new AdminCommand(path, help, true, List.of(), page);
    }

    AdminCommand with(Parameter... described) {
        return new AdminCommand(path, help, mutates, Arrays.asList(described), page);
    }

    void describe(StringBuilder list) {
        list.append("  ").append(path).append(mutates ? " (POST)" : "");
        list.append(": ").append(help).append('\n');
        for (Parameter parameter : parameters) {
            list.append("      ").append(parameter.name()).append(": ");
            list.append(parameter.help()).append('\n');
        }
    }
}
