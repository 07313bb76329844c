package dev.starling.launcher.demo;

import dev.starling.launcher.demo.Protobuf.Field;

/** What {@code grpc/health/v1/health.proto} says, as {@code google.protobuf.FileDescriptorProto}, for those who ask by reflection. */
final class HealthDescription {

    private static final String PACKAGE = "grpc.health.v1";
    private static final String FILE = "grpc/health/v1/health.proto";

    // fields of grpc.reflection.v1.ServerReflectionRequest and of its response
    private static final int FILE_BY_NAME = 3;
    private static final int FILE_WITH_SYMBOL = 4;
    private static final int LIST_SERVICES = 7;
    private static final int ORIGINAL_REQUEST = 2;
    private static final int FILE_ANSWER = 4;
    private static final int LIST_ANSWER = 6;
    private static final int ERROR_ANSWER = 7;
    private static final int NOT_FOUND = 5;

    // numbers of google.protobuf.FieldDescriptorProto
    private static final int OPTIONAL = 1;
    private static final int STRING = 9;
    private static final int ENUM = 14;

    private HealthDescription() {}

    static Protobuf answer(byte[] request) {
        Field asked = Field.only(request);
        var answer = new Protobuf().with(ORIGINAL_REQUEST, request);
        return switch (asked.number()) {
            case LIST_SERVICES ->
                answer.with(LIST_ANSWER, new Protobuf().with(1, new Protobuf().with(1, PACKAGE + ".Health")));
            case FILE_BY_NAME, FILE_WITH_SYMBOL ->
                asked.text().equals(FILE) || asked.text().startsWith(PACKAGE + ".Health")
                        ? answer.with(FILE_ANSWER, new Protobuf().with(1, file()))
                        : refused(answer);
            default -> refused(answer);
        };
    }

    private static Protobuf refused(Protobuf answer) {
        return answer.with(ERROR_ANSWER, new Protobuf().with(1, NOT_FOUND).with(2, "only " + FILE + " is known here"));
    }

    private static Protobuf file() {
        String status = "." + PACKAGE + ".HealthCheckResponse.ServingStatus";
        return new Protobuf()
                .with(1, FILE)
                .with(2, PACKAGE)
                .with(4, new Protobuf().with(1, "HealthCheckRequest").with(2, field("service", STRING)))
                .with(
                        4,
                        new Protobuf()
                                .with(1, "HealthCheckResponse")
                                .with(2, field("status", ENUM).with(6, status))
                                .with(4, statuses()))
                .with(6, new Protobuf().with(1, "Health").with(2, check()))
                .with(12, "proto3");
    }

    private static Protobuf field(String name, int type) {
        return new Protobuf().with(1, name).with(3, 1).with(4, OPTIONAL).with(5, type);
    }

    private static Protobuf statuses() {
        var statuses = new Protobuf().with(1, "ServingStatus");
        int number = 0;
        for (String name : new String[] {"UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"}) {
            statuses.with(2, new Protobuf().with(1, name).with(2, number++));
        }
        return statuses;
    }

    private static Protobuf check() {
        return new Protobuf()
                .with(1, "Check")
                .with(2, "." + PACKAGE + ".HealthCheckRequest")
                .with(3, "." + PACKAGE + ".HealthCheckResponse");
    }
}
