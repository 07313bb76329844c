package dev.starling.runtime.accesslog;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.time.temporal.IsoFields;
import java.util.Locale;

/** One conversion of strftime, as the C locale has it, for UTC. (POSIX, strftime; Abseil, {@code absl::FormatTime}) */
@FunctionalInterface
interface CalendarField {

    void append(LocalDateTime moment, StringBuilder out);

    static CalendarField literal(char c) {
        return (moment, out) -> out.append(c);
    }

    /** @param extended whether an {@code E} stood before the letter; what is no conversion stands for itself */
    static CalendarField of(char letter, boolean extended) {
        if (extended) {
            return switch (letter) {
                case 'T' -> literal('T');
                case 'z' -> (moment, out) -> out.append("+00:00");
                default -> of(letter, false);
            };
        }
        return switch (letter) {
            case 'Y' -> (moment, out) -> out.append(moment.getYear());
            case 'C' -> (moment, out) -> padded(out, moment.getYear() / 100, 2, '0');
            case 'y' -> (moment, out) -> padded(out, moment.getYear() % 100, 2, '0');
            case 'm' -> (moment, out) -> padded(out, moment.getMonthValue(), 2, '0');
            case 'B' -> (moment, out) -> out.append(moment.getMonth().getDisplayName(TextStyle.FULL, Locale.US));
            case 'b', 'h' -> (moment, out) -> out.append(moment.getMonth().getDisplayName(TextStyle.SHORT, Locale.US));
            case 'd' -> (moment, out) -> padded(out, moment.getDayOfMonth(), 2, '0');
            case 'e' -> (moment, out) -> padded(out, moment.getDayOfMonth(), 2, ' ');
            case 'j' -> (moment, out) -> padded(out, moment.getDayOfYear(), 3, '0');
            case 'A' -> (moment, out) -> out.append(moment.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.US));
            case 'a' -> (moment, out) -> out.append(moment.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.US));
            case 'u' -> (moment, out) -> out.append(moment.getDayOfWeek().getValue());
            case 'w' -> (moment, out) -> out.append(moment.getDayOfWeek().getValue() % 7);
            case 'U' -> (moment, out) -> week(out, moment, moment.getDayOfWeek().getValue() % 7);
            case 'W' -> (moment, out) -> week(out, moment, moment.getDayOfWeek().getValue() - 1);
            case 'V' -> (moment, out) -> padded(out, moment.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2, '0');
            case 'G' -> (moment, out) -> out.append(moment.get(IsoFields.WEEK_BASED_YEAR));
            case 'g' -> (moment, out) -> padded(out, moment.get(IsoFields.WEEK_BASED_YEAR) % 100, 2, '0');
            case 'H' -> (moment, out) -> padded(out, moment.getHour(), 2, '0');
            case 'k' -> (moment, out) -> padded(out, moment.getHour(), 2, ' ');
            case 'I' -> (moment, out) -> padded(out, hourOfHalfDay(moment), 2, '0');
            case 'l' -> (moment, out) -> padded(out, hourOfHalfDay(moment), 2, ' ');
            case 'M' -> (moment, out) -> padded(out, moment.getMinute(), 2, '0');
            case 'S' -> (moment, out) -> padded(out, moment.getSecond(), 2, '0');
            case 'p' -> (moment, out) -> out.append(moment.getHour() < 12 ? "AM" : "PM");
            case 's' -> (moment, out) -> out.append(moment.toEpochSecond(ZoneOffset.UTC));
            case 'Z' -> (moment, out) -> out.append("UTC");
            case 'z' -> (moment, out) -> out.append("+0000");
            case 'c' ->
                sequence("abe", ' ')
                        .then(' ')
                        .then(sequence("HMS", ':'))
                        .then(' ')
                        .then(of('Y', false));
            case 'D', 'x' -> sequence("mdy", '/');
            case 'F' -> sequence("Ymd", '-');
            case 'T', 'X' -> sequence("HMS", ':');
            case 'R' -> sequence("HM", ':');
            case 'r' -> sequence("IMS", ':').then(' ').then(of('p', false));
            case 'n' -> literal('\n');
            case 't' -> literal('\t');
            case '%' -> literal('%');
            default -> literal('%').then(letter);
        };
    }

    private static CalendarField sequence(String letters, char separator) {
        CalendarField all = of(letters.charAt(0), false);
        for (int i = 1; i < letters.length(); i++) {
            all = all.then(separator).then(of(letters.charAt(i), false));
        }
        return all;
    }

    private CalendarField then(char c) {
        return then(literal(c));
    }

    private CalendarField then(CalendarField next) {
        return (moment, out) -> {
            append(moment, out);
            next.append(moment, out);
        };
    }

    private static int hourOfHalfDay(LocalDateTime moment) {
        int hour = moment.getHour() % 12;
        return hour == 0 ? 12 : hour;
    }

    /** The week of the year, the first one beginning with the first day that begins a week. */
    private static void week(StringBuilder out, LocalDateTime moment, int dayOfWeek) {
        padded(out, (moment.getDayOfYear() + 6 - dayOfWeek) / 7, 2, '0');
    }

    private static void padded(StringBuilder out, int number, int width, char padding) {
        for (int least = width == 3 ? 100 : 10; least > 1 && number < least; least /= 10) {
            out.append(padding);
        }
        out.append(number);
    }
}
