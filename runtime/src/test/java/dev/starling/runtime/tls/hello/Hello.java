package dev.starling.runtime.tls.hello;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Puts ClientHellos together, well-formed or not. */
public final class Hello {

    private int version = 0x0303;
    private int[] suites = {0x1301, 0xc02b};
    private final List<byte[]> extensions = new ArrayList<>();

    public Hello version(int legacy) {
        version = legacy;
        return this;
    }

    public Hello suites(int... numbers) {
        suites = numbers;
        return this;
    }

    public Hello serverName(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuf content = Unpooled.buffer();
        content.writeShort(bytes.length + 3)
                .writeByte(0)
                .writeShort(bytes.length)
                .writeBytes(bytes);
        return extension(0, content);
    }

    public Hello protocols(String... names) {
        ByteBuf list = Unpooled.buffer();
        for (String name : names) {
            list.writeByte(name.length()).writeBytes(name.getBytes(StandardCharsets.ISO_8859_1));
        }
        return extension(16, Unpooled.buffer().writeShort(list.readableBytes()).writeBytes(list));
    }

    public Hello supportedVersions(int... versions) {
        return extension(43, Unpooled.buffer().writeByte(versions.length * 2).writeBytes(shorts(versions)));
    }

    public Hello groups(int... groups) {
        return extension(10, Unpooled.buffer().writeShort(groups.length * 2).writeBytes(shorts(groups)));
    }

    public Hello pointFormats(int... formats) {
        ByteBuf content = Unpooled.buffer().writeByte(formats.length);
        for (int format : formats) {
            content.writeByte(format);
        }
        return extension(11, content);
    }

    public Hello signatureAlgorithms(int... algorithms) {
        return extension(13, Unpooled.buffer().writeShort(algorithms.length * 2).writeBytes(shorts(algorithms)));
    }

    /** Without content. */
    public Hello extensions(int... types) {
        for (int type : types) {
            extension(type, Unpooled.EMPTY_BUFFER);
        }
        return this;
    }

    public Hello extension(int type, ByteBuf content) {
        ByteBuf extension = Unpooled.buffer().writeShort(type).writeShort(content.readableBytes());
        extensions.add(bytes(extension.writeBytes(content)));
        return this;
    }

    private static ByteBuf shorts(int... values) {
        ByteBuf content = Unpooled.buffer();
        for (int value : values) {
            content.writeShort(value);
        }
        return content;
    }

    /** The handshake message without its header. */
    public byte[] body() {
        ByteBuf hello = Unpooled.buffer().writeShort(version).writeZero(32).writeByte(0);
        hello.writeShort(suites.length * 2)
                .writeBytes(shorts(suites))
                .writeByte(1)
                .writeByte(0);
        if (!extensions.isEmpty()) {
            hello.writeShort(extensions.stream().mapToInt(each -> each.length).sum());
            extensions.forEach(hello::writeBytes);
        }
        return bytes(hello);
    }

    /** The handshake message. */
    public byte[] message() {
        byte[] body = body();
        return bytes(Unpooled.buffer().writeByte(1).writeMedium(body.length).writeBytes(body));
    }

    /** In one record. */
    public byte[] record() {
        return records(message(), Integer.MAX_VALUE);
    }

    /** In records that hold so many bytes each. */
    public byte[] records(int length) {
        return records(message(), length);
    }

    /** Any handshake bytes in records that hold so many bytes each. */
    public static byte[] records(byte[] message, int length) {
        ByteBuf records = Unpooled.buffer();
        for (int at = 0; at < message.length; at += Math.min(length, message.length - at)) {
            int part = Math.min(length, message.length - at);
            records.writeByte(22).writeShort(0x0301).writeShort(part).writeBytes(message, at, part);
        }
        return bytes(records);
    }

    private static byte[] bytes(ByteBuf buffer) {
        return ByteBufUtil.getBytes(buffer);
    }
}
