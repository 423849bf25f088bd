package dev.cairn.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.config.PrivacyConfig;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TextCleanerTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int MAX = 8 * 1024;

    private final TextCleaner cleaner =
            new TextCleaner(new PrivacyFilter(new PrivacyConfig(true, List.of())), new SizeCaps(MAX));

    private static String github() {
        return SecretSamples.of("github-token p");
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder();
        JsonText.quote(text, json);
        return json.toString();
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    @Test
    @DisplayName("H5: within JSON")
    void secretsInJsonStringsAreHiddenWhateverTheirEscapes() throws JsonProcessingException {
        String token = github();
        String json = "{\"stdout\":\"a\\n" + token + "\\n\",\"b\":\"\\u003cprivate>x\\u003c/private>\",\"c\":\"\\u0067"
                + token.substring(1) + "\",\"" + token + "\":1}";
        JsonNode clean = MAPPER.readTree(cleaner.cleanJson(json));
        assertThat(clean.get("stdout").asText()).isEqualTo("a\n[secret:github-token]\n");
        assertThat(clean.get("b").asText()).isEqualTo("[private]");
        assertThat(clean.get("c").asText()).isEqualTo("[secret:github-token]");
        assertThat(clean.get("[secret:github-token]").asInt()).isEqualTo(1);
    }

    @Test
    @DisplayName("H5: JSON within JSON")
    void secretsInJsonWithinAStringAreHidden() throws JsonProcessingException {
        String inner = "{\"private_key\":" + quoted(SecretSamples.pem("PRIVATE KEY"))
                + ",\"password\":\"hunter2x\",\"t\":" + quoted("\n" + github()) + "}";
        JsonNode clean = MAPPER.readTree(cleaner.cleanJson("{\"stdout\":" + quoted(inner) + "}"));
        assertThat(clean.get("stdout").asText())
                .isEqualTo("{\"private_key\":\"[secret:private-key]\",\"password\":\"[secret:password]\","
                        + "\"t\":\"\\n[secret:github-token]\"}");
    }

    @Test
    @DisplayName("H5: members named like secrets")
    void sensitiveMembersAreHiddenWhole() {
        assertThat(cleaner.cleanJson(
                        "{\"password\":\"plain\",\"userToken\":\"abc\",\"X-Api-Key\":\"zzz\",\"client_secret\":\"q q\","
                                + "\"env\":{\"DB_PASSWORD\":\"pg\",\"tokens\":12,\"max_tokens\":5,\"PIN_passcode\":1234,\"SMTP_PASS\":\"q\",\"bypass\":\"y\"},"
                                + "\"nextPageToken\":\"abc\",\"token\":\"\",\"secret\":\"true\",\"pattern\":\"token\","
                                + "\"secrets\":[\"a\"],\"authToken\":[\"abc\",\"def\"],\"password_hint\":\"dog\"}"))
                .isEqualTo(
                        "{\"password\":\"[secret:password]\",\"userToken\":\"[secret:password]\",\"X-Api-Key\":\"[secret:password]\","
                                + "\"client_secret\":\"[secret:password]\",\"env\":{\"DB_PASSWORD\":\"[secret:password]\",\"tokens\":12,\"max_tokens\":5,"
                                + "\"PIN_passcode\":\"[secret:password]\",\"SMTP_PASS\":\"[secret:password]\",\"bypass\":\"y\"},\"nextPageToken\":\"abc\",\"token\":\"\",\"secret\":\"true\","
                                + "\"pattern\":\"token\",\"secrets\":[\"a\"],\"authToken\":[\"[secret:password]\",\"[secret:password]\"],"
                                + "\"password_hint\":\"dog\"}");
        assertThat(cleaner.cleanJson(
                        "[{\"name\":\"DB_PASSWORD\",\"value\":\"plain\"},{\"name\":\"USER\",\"value\":\"plain\"}]"))
                .isEqualTo(
                        "[{\"name\":\"DB_PASSWORD\",\"value\":\"[secret:password]\"},{\"name\":\"USER\",\"value\":\"plain\"}]");
    }

    @Test
    @DisplayName("H5: a private span over the lines of a patch")
    void aPrivateSpanMayBeginAndEndInDifferentElements() {
        assertThat(cleaner.cleanJson("{\"lines\":[\" a\",\"+<private>\",\"+b\",\"+</private>\",\" c\"],\"d\":\"e\"}"))
                .isEqualTo("{\"lines\":[\" a\",\"+[private]\",\"[private]\",\"[private]\",\" c\"],\"d\":\"e\"}");
        assertThat(cleaner.cleanJson("{\"a\":\"x <private> y\",\"b\":\"z\"}"))
                .isEqualTo("{\"a\":\"x [private]\",\"b\":\"z\"}");
    }

    @Test
    @DisplayName("H5: a private key over the lines of a patch")
    void aPrivateKeyMayStandInSeveralElements() {
        String pem = SecretSamples.pem("RSA PRIVATE KEY");
        StringBuilder lines = new StringBuilder("{\"lines\":[\" host: a\"");
        pem.lines().forEach(line -> lines.append(',').append(quoted("+" + line)));
        String clean = cleaner.cleanJson(
                lines.append(",\" port: 1\"],\"more\":[\"abc\"]}").toString());
        assertNothingLeft(clean, pem.replaceAll("-----.*?-----", "").replace("\n", ""), 16);
        assertThat(clean).startsWith("{\"lines\":[\" host: a\",").endsWith(",\" port: 1\"],\"more\":[\"abc\"]}");
        assertThat(cleaner.cleanJson(clean)).isEqualTo(clean);
    }

    @Test
    void anOrdinaryEventStaysTheSameObject() {
        String json = "{\"command\":\"mvn -q test\",\"description\":\"run the tests\",\"timeout\":1000}";
        String text = "Tests run: 12, Failures: 0";
        assertThat(cleaner.cleanJson(json)).isSameAs(json);
        assertThat(cleaner.cleanText(text)).isSameAs(text);
    }

    @Test
    @DisplayName("E7: a long text loses its middle")
    void aLongTextIsCutInTheMiddle() {
        String text = "begin " + "x y ".repeat(100_000) + " end";
        String clean = cleaner.cleanText(text);
        assertThat(bytes(clean)).isLessThanOrEqualTo(MAX).isGreaterThan(MAX - 100);
        assertThat(clean)
                .startsWith("begin ")
                .endsWith(" end")
                .containsPattern("\\[\u2026 39[0-9],[0-9]{3} characters cut \u2026]");
        String number =
                clean.replaceAll("(?s).*\\[\u2026 ([0-9,]+) characters.*", "$1").replace(",", "");
        String marker = clean.substring(clean.indexOf("[\u2026"), clean.indexOf("\u2026]") + 2);
        assertThat(clean.length() - marker.length() + Integer.parseInt(number)).isEqualTo(text.length());
        assertThat(cleaner.cleanText(clean)).isEqualTo(clean);
    }

    @Test
    @DisplayName("E7: surrogate pairs stay whole")
    void aCutNeverSplitsASurrogatePair() {
        for (int offset = 0; offset < 4; offset++) {
            for (int count : new int[] {3_000, 200_000}) {
                String clean = cleaner.cleanText("a".repeat(offset) + "\ud83d\ude00".repeat(count));
                assertThat(bytes(clean)).isLessThanOrEqualTo(MAX);
                assertThat(new String(clean.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                        .isEqualTo(clean);
                assertThat(clean).doesNotContain("?").contains("characters cut");
            }
        }
    }

    @Test
    @DisplayName("E7: JSON stays JSON")
    void ofAJsonTextTheLongestStringsAreCut() throws JsonProcessingException {
        String json = "{\"path\":\"/a/b\",\"old\":" + quoted("\"o\n".repeat(4_000)) + ",\"new\":"
                + quoted("\u00e9".repeat(9_000)) + ",\"n\":[1,2,{\"k\":\"short\"}]}";
        String clean = cleaner.cleanJson(json);
        JsonNode tree = MAPPER.readTree(clean);
        assertThat(bytes(clean)).isLessThanOrEqualTo(MAX).isGreaterThan(MAX - 300);
        assertThat(tree.get("path").asText()).isEqualTo("/a/b");
        assertThat(tree.get("n")).isEqualTo(MAPPER.readTree("[1,2,{\"k\":\"short\"}]"));
        assertThat(tree.get("old").asText())
                .startsWith("\"o\n")
                .endsWith("\"o\n")
                .contains("characters cut");
        assertThat(tree.get("new").asText()).startsWith("\u00e9").contains("characters cut");
        assertThat(cleaner.cleanJson(clean)).isEqualTo(clean);
    }

    @Test
    @DisplayName("E7: JSON of numbers")
    void aJsonTextThatIsLongWithoutStringsBecomesOneString() throws JsonProcessingException {
        StringBuilder numbers = new StringBuilder("[0");
        for (int i = 1; i < 10_000; i++) {
            numbers.append(',').append(i);
        }
        String clean = cleaner.cleanJson(numbers.append(']').toString());
        assertThat(MAPPER.readTree(clean).asText())
                .startsWith("[0,1,2,")
                .endsWith(",9999]")
                .contains("characters cut");
        assertThat(bytes(clean)).isLessThanOrEqualTo(MAX);
        String names = "{" + "\"abcdefghij\":\"\",".repeat(5_000) + "\"z\":0}";
        assertThat(MAPPER.readTree(cleaner.cleanJson(names)).isTextual()).isTrue();
    }

    @Test
    @DisplayName("E7: randomly shaped JSON")
    void anyJsonFitsAndStaysJson() throws JsonProcessingException {
        Random random = new Random(3);
        for (int round = 0; round < 60; round++) {
            StringBuilder json = new StringBuilder("[");
            int count = 1 + random.nextInt(200);
            for (int i = 0; i < count; i++) {
                String unit = List.of("a", "\n", "\"", "\u00e9", "\u4e2d", "\ud83d\ude00", "\u0001")
                        .get(random.nextInt(7));
                int length = random.nextInt(8) == 0 ? random.nextInt(4_000) : random.nextInt(20);
                json.append(i == 0 ? "" : ",").append(quoted(unit.repeat(length)));
            }
            String clean = cleaner.cleanJson(json.append("]").toString());
            assertThat(bytes(clean)).isLessThanOrEqualTo(MAX);
            assertThat(MAPPER.readTree(clean)).isNotNull();
            assertThat(cleaner.cleanJson(clean)).isEqualTo(clean);
        }
    }

    @Test
    @DisplayName("E7: images and other base64")
    void base64BecomesAMarker() {
        byte[] content = new byte[900_000];
        new Random(5).nextBytes(content);
        byte[] png = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
        System.arraycopy(png, 0, content, 0, png.length);
        String base64 = Base64.getEncoder().encodeToString(content);
        assertThat(cleaner.cleanJson("{\"media_type\":\"image/png\",\"data\":\"" + base64 + "\"}"))
                .isEqualTo("{\"media_type\":\"image/png\",\"data\":\"[base64 image/png, 900.0 KB]\"}");
        assertThat(cleaner.cleanText("![x](data:image/svg+xml;base64," + base64.substring(100, 2148) + ") ok"))
                .isEqualTo("![x]([base64 image/svg+xml, 1.5 KB]) ok");
        String wrapped = Base64.getMimeEncoder().encodeToString(content);
        assertThat(cleaner.cleanText("begin\n" + wrapped + "\nend"))
                .matches("begin\n\\[base64 image/png, 92[0-9].[0-9] KB]\nend");
        assertThat(cleaner.cleanText(base64.substring(0, 200))).isEqualTo(base64.substring(0, 200));
        String ruler = "=".repeat(2000) + "a".repeat(2000) + "/".repeat(1500);
        assertThat(cleaner.cleanText(ruler)).isEqualTo(ruler);
    }

    @Test
    @DisplayName("E7: binary content")
    void binaryBecomesAMarker() {
        byte[] content = new byte[5_000];
        new Random(5).nextBytes(content);
        assertThat(cleaner.cleanText(new String(content, StandardCharsets.UTF_8)))
                .matches("\\[binary, [0-9.]+ KB]");
        assertThat(cleaner.cleanText("\u0000\u0001\u0002\u0003".repeat(20))).isEqualTo("[binary, 80 bytes]");
        assertThat(cleaner.cleanText("a\ud800b\u0000c\udc00 \u001b[1mbold\u001b[0m\ttab\r\n"))
                .isEqualTo("a\uFFFDb\uFFFDc\uFFFD \u001b[1mbold\u001b[0m\ttab\r\n");
        assertThat(cleaner.cleanJson("\"a\\ud800b\"")).isEqualTo("\"a\uFFFDb\"");
    }

    @Test
    @DisplayName("E7+H5: a secret across the cut")
    void noPartOfASecretAcrossACutIsLeft() throws JsonProcessingException {
        String token = github();
        String pem = SecretSamples.pem("PRIVATE KEY");
        int length = 160_000;
        for (int cut :
                new int[] {(MAX - 48) / 2, MAX, length - MAX, length - (MAX - 48) / 2, length - MAX - 64 * 1024}) {
            for (int shift = -45; shift <= 5; shift += 10) {
                String text =
                        filler(cut + shift) + " " + token + " " + filler(length - cut - shift - token.length() - 2);
                assertNothingLeft(cleaner.cleanText(text), token.substring(4), 8);
                assertNothingLeft(cleaner.cleanJson("{\"stdout\":" + quoted(text) + "}"), token.substring(4), 8);
            }
            for (int shift = -800; shift <= 0; shift += 200) {
                String text = filler(cut + shift) + "\n" + pem + "\n" + filler(length - cut - shift - pem.length() - 2);
                assertNothingLeft(
                        cleaner.cleanText(text),
                        pem.replaceAll("-----.*?-----", "").replace("\n", ""),
                        16);
            }
        }
    }

    @Test
    @DisplayName("E7+H5: a private span across the cut")
    void aPrivateSpanThatBeginsInTheLostMiddleIsHiddenToItsEnd() {
        String text = filler(300_000) + "<private>" + "the plan ".repeat(30_000) + "</private>" + " end";
        assertThat(cleaner.cleanText(text)).doesNotContain("plan").endsWith("[private] end");
    }

    @Test
    @DisplayName("E7+H5: many secrets at the cut")
    void aWindowThatShrinksLeavesNoPartOfASecret() {
        String jwt = SecretSamples.of("jwt");
        String clean = cleaner.cleanText((jwt + "\n").repeat(5_000));
        assertNothingLeft(clean, jwt, 12);
    }

    @Test
    @DisplayName("E7: a tool output of 50 MB")
    void fiftyMegabytesAreCappedWithoutBeingCopiedOften() {
        String json = "{\"stdout\":\"begin " + "lorem ipsum dolor.\\n".repeat(2_500_000) + "end\"}";
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        String clean = cleaner.cleanJson(json);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(bytes(clean)).isLessThanOrEqualTo(MAX);
        assertThat(clean)
                .startsWith("{\"stdout\":\"begin lorem")
                .endsWith("dolor.\\nend\"}")
                .contains("characters cut");
        // Decoded once; a Java string takes one byte for each of these characters.
        assertThat(allocated).isLessThan(3L * json.length());
    }

    @Test
    void whatIsNoJsonIsRefused() {
        assertThatThrownBy(() -> cleaner.cleanJson("{oops")).isInstanceOf(IllegalArgumentException.class);
    }

    private static String filler(int length) {
        return "lorem ipsum dolor. ".repeat(length / 19 + 1).substring(0, Math.max(0, length));
    }

    private static void assertNothingLeft(String clean, String secret, int window) {
        for (int i = 0; i + window <= secret.length(); i++) {
            String part = secret.substring(i, i + window);
            if (clean.contains(part)) {
                assertThat(clean.substring(Math.max(0, clean.indexOf(part) - 60), clean.indexOf(part) + window))
                        .as("a part of the secret is left")
                        .isEmpty();
            }
        }
    }
}
