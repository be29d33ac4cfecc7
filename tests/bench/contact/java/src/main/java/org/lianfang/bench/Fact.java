package org.lianfang.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** What the job needs of a presence or an exposure, read by hand from Confluent wire format: quicker than any Avro library. */
record Fact(byte[] id, byte[] alias, long at, long until) {
    private static final int HEADER = 5;

    static Fact presence(byte[] value) {
        ByteBuffer data = ByteBuffer.wrap(value, HEADER, value.length - HEADER);
        byte[] id = token(data);
        skipToTime(data);
        long at = number(data);
        byte[] alias = token(data);
        skip(data); // place, which is the key
        skipOptional(data); // region
        return new Fact(id, alias, at, number(data));
    }

    static Fact exposure(byte[] value) {
        ByteBuffer data = ByteBuffer.wrap(value, HEADER, value.length - HEADER);
        byte[] id = token(data);
        skipToTime(data);
        long at = number(data);
        skip(data); // person
        byte[] alias = token(data);
        skip(data); // place, which is the key
        skipOptional(data); // region
        return new Fact(id, alias, at, number(data));
    }

    /** 32 hexadecimal digits as 16 bytes. */
    private static byte[] token(ByteBuffer data) {
        int length = (int) number(data);
        byte[] token = HexFormat.of().parseHex(new String(data.array(), data.position(), length, StandardCharsets.ISO_8859_1));
        data.position(data.position() + length);
        return token;
    }

    /** Over `retracted`, which no job uses, and `causes`. */
    private static void skipToTime(ByteBuffer data) {
        data.get();
        for (long count = number(data); count != 0; count = number(data)) {
            if (count < 0) {
                number(data); // the size of the block
                count = -count;
            }
            for (; count > 0; count--) {
                skip(data);
            }
        }
    }

    private static void skip(ByteBuffer data) {
        int length = (int) number(data);
        data.position(data.position() + length);
    }

    private static void skipOptional(ByteBuffer data) {
        if (number(data) == 1) {
            skip(data);
        }
    }

    private static long number(ByteBuffer data) {
        long raw = 0;
        int shift = 0;
        byte part;
        do {
            part = data.get();
            raw |= (long) (part & 0x7f) << shift;
            shift += 7;
        } while (part < 0);
        return raw >>> 1 ^ -(raw & 1);
    }
}
