package dev.starling.config.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.starling.config.InvalidConfigException;
import dev.starling.config.Problem;
import dev.starling.config.accesslog.FormatString.Literal;
import dev.starling.config.accesslog.FormatString.Operator;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormatStringTest {

    @Test
    void splitsTextIntoLiteralsAndOperators() throws InvalidConfigException {
        assertThat(FormatString.parse("a %% %PROTOCOL%%REQ(X-Id?:PATH):20%\n").segments())
                .containsExactly(
                        new Literal("a % "),
                        new Operator(FormatOperator.PROTOCOL, "", OptionalInt.empty()),
                        new Operator(FormatOperator.REQ, "X-Id?:PATH", OptionalInt.of(20)),
                        new Literal("\n"));
    }

    @Test
    void namesHeadersInLowerCase() throws InvalidConfigException {
        var header = operator("%REQ(X-Id?:PATH)%");
        assertThat(header.header()).isEqualTo("x-id");
        assertThat(header.alternativeHeader()).isEqualTo(":path");
        assertThat(operator("%RESP(Server)%").alternativeHeader()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'%START_TIME(%Y-%m-%dT%H:%M:%S)%', %Y-%m-%dT%H:%M:%S",
        "'%START_TIME(%)%', %",
        "'%ENVIRONMENT(A)B)%', A)B",
        "'%ENVIRONMENT(A):x):3%', A):x",
        "'%PROTOCOL()%', ''"
    })
    void endsAnArgumentWhereTheOperatorCanEnd(String text, String argument) throws InvalidConfigException {
        assertThat(operator(text).argument()).isEqualTo(argument);
    }

    @Test
    void cutsAnEndlessLengthAtWhatAnIntHolds() throws InvalidConfigException {
        assertThat(operator("%REQ(a):99999999999999999999%").maxLength()).hasValue(Integer.MAX_VALUE);
        assertThat(operator("%REQ(a):0%").maxLength()).hasValue(0);
    }

    @Test
    void hasNoSegmentsForTheEmptyString() throws InvalidConfigException {
        assertThat(FormatString.parse("").segments()).isEmpty();
        assertThat(FormatString.parse("").isLiteral()).isTrue();
    }

    @Test
    void knowsEnvoysOwnFormat() {
        assertThat(FormatString.DEFAULT.segments()).hasSize(31).endsWith(new Literal("\"\n"));
    }

    @ParameterizedTest
    @EnumSource(FormatOperator.class)
    void readsEveryOperatorItNames(FormatOperator operator) throws InvalidConfigException {
        String text = switch (operator.argument()) {
            case NONE, OPTIONAL -> "%" + operator + "%";
            case REQUIRED, HEADERS ->
                "%" + operator + "("
                        + (operator == FormatOperator.FILTER_STATE ? FormatOperator.TUNNEL_RESPONSE_TRAILERS : "x")
                        + ")%";
        };
        assertThat(operator(text).operator()).isEqualTo(operator);
    }

    // Texts and verdicts are those of Envoy 1.40 in --mode validate, but for the operators that are ours to refuse.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    %                    | Incorrect configuration: %. Couldn't find valid command at position 0
                    100% of              | Incorrect configuration: 100% of. Couldn't find valid command at position 3
                    %%%                  | Incorrect configuration: %%%. Couldn't find valid command at position 2
                    %START_TIME          | Incorrect configuration: %START_TIME. Couldn't find valid command at position 0
                    %START_TIME(%Y%      | Incorrect configuration: %START_TIME(%Y%. Couldn't find valid command at position 0
                    %REQ(a):b%           | Incorrect configuration: %REQ(a):b%. Couldn't find valid command at position 0
                    %REQ(a):%            | Incorrect configuration: %REQ(a):%. Couldn't find valid command at position 0
                    %REQ(a):5:6%         | Incorrect configuration: %REQ(a):5:6%. Couldn't find valid command at position 0
                    %req(a)%             | Incorrect configuration: %req(a)%. Couldn't find valid command at position 0
                    %FOO%                | Not supported field in StreamInfo: FOO
                    %START_TIME:4%       | START_TIME does not allow length to be specified.
                    %RESPONSE_CODE_DETAILS:3% | RESPONSE_CODE_DETAILS does not allow length to be specified.
                    %PROTOCOL(a)%        | PROTOCOL does not take any parameters or length
                    %DURATION:5%         | DURATION does not take any parameters or length
                    %REQ%                | REQ requires parameters
                    %RESP()%             | RESP requires parameters
                    %QUERY_PARAM%        | QUERY_PARAM requires parameters
                    %ENVIRONMENT():3%    | ENVIRONMENT requires parameters
                    %REQ(a?b?c)%         | More than 1 alternative header specified in token: a?b?c
                    %REQ(a b)%           | Invalid header configuration. Format string contains invalid characters.
                    %TRAILER(a:b)%       | Invalid header configuration. Format string contains invalid characters.
                    %PATH(X)%            | Invalid PATH option: 'X', only 'WQ'/'NQ' are allowed
                    %PATH(NQ:X)%         | Invalid PATH option: 'X', only 'ORIG'/'PATH'/'ORIG_OR_PATH' are allowed
                    %DYNAMIC_METADATA% | DYNAMIC_METADATA requires parameters
                    %FILTER_STATE(a)% | filter state a is not supported
                    %FILTER_STATE(envoy.tcp_proxy.propagate_response_headers:X)% | Invalid filter state serialize type, only support PLAIN/TYPED.
                    """)
    void refusesWithEnvoysWords(String text, String message) {
        var refused = catchThrowableOfType(InvalidConfigException.class, () -> FormatString.parse(text));
        assertThat(refused.problems()).containsExactly(Problem.at("", message));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"%PATH%", "%PATH(WQ)%", "%PATH(NQ:ORIG):4%", "%PATH(:ORIG)%", "%PATH(WQ:)%", "%REQ(:x?:y)%"})
    void acceptsWhatEnvoyAccepts(String text) throws InvalidConfigException {
        assertThat(FormatString.parse(text).segments()).hasSize(1);
    }

    private static Operator operator(String text) throws InvalidConfigException {
        return (Operator) FormatString.parse(text).segments().getFirst();
    }
}
