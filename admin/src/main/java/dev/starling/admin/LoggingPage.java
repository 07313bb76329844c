package dev.starling.admin;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /logging}: shows and changes log levels, with Envoy's rules for what may be asked at once. */
final class LoggingPage {

    private static final String USAGE = """
            usage: /logging?<name>=<level> (change single level)
            usage: /logging?paths=name1:level1,name2:level2,... (change multiple levels)
            usage: /logging?level=<level> (change all levels)
            usage: /logging?group=<group_name>:<level> (change group of loggers)
            levels: %s\s
            """.formatted(String.join(" ", LogLevels.LEVELS));

    private final LogLevels levels;

    LoggingPage(LogLevels levels) {
        this.levels = levels;
    }

    /** A request that Envoy refuses, with its words. */
    private static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
        }
    }

    AdminResponse answer(AdminRequest request) {
        try {
            change(request.query().all());
            return AdminResponse.text(200, list());
        } catch (RefusedException e) {
            return AdminResponse.text(400, "error: " + e.getMessage() + "\n\n" + USAGE + list());
        }
    }

    private String list() {
        StringBuilder list = new StringBuilder("active loggers:\n");
        levels.levels()
                .forEach((name, level) -> list.append("  ")
                        .append(name)
                        .append(": ")
                        .append(level)
                        .append('\n'));
        return list.append('\n').toString();
    }

    private void change(Map<String, String> query) throws RefusedException {
        if (query.isEmpty()) {
            return;
        }
        if (query.size() > 1) {
            throw new RefusedException("invalid number of parameters");
        }
        Map.Entry<String, String> asked = query.entrySet().iterator().next();
        switch (asked.getKey()) {
            case "level" -> {
                if (!asked.getValue().isEmpty()) {
                    levels.setAll(level(asked.getValue()));
                }
            }
            case "paths" -> changeAll(asked.getValue());
            case "group" -> throw new RefusedException("group parameter requires fine-grain logging to be enabled");
            default -> changeAll(Map.of(asked.getKey(), asked.getValue()));
        }
    }

    private void changeAll(String paths) throws RefusedException {
        Map<String, String> changes = new LinkedHashMap<>();
        for (String path : paths.isEmpty() ? List.<String>of() : List.of(paths.split(",", -1))) {
            int colon = path.indexOf(':');
            if (colon <= 0 || colon == path.length() - 1) {
                throw new RefusedException("empty logger name or empty logger level");
            }
            changes.put(path.substring(0, colon), path.substring(colon + 1));
        }
        changeAll(changes);
    }

    /** All or nothing. */
    private void changeAll(Map<String, String> changes) throws RefusedException {
        Map<String, String> known = levels.levels();
        Map<String, String> checked = new LinkedHashMap<>();
        for (Map.Entry<String, String> change : changes.entrySet()) {
            String level = level(change.getValue());
            if (!known.containsKey(change.getKey())) {
                throw new RefusedException("unknown logger name");
            }
            checked.put(change.getKey(), level);
        }
        checked.forEach(levels::set);
    }

    private static String level(String name) throws RefusedException {
        String full = name.equals("warn") ? "warning" : name;
        if (!LogLevels.LEVELS.contains(full)) {
            throw new RefusedException("unknown logger level");
        }
        return full;
    }
}
