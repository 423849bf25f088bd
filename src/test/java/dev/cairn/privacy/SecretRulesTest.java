package dev.cairn.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.config.ConfigException;
import dev.cairn.config.PrivacyConfig;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("H5: secrets are removed")
class SecretRulesTest {
    private final PrivacyFilter filter = new PrivacyFilter(new PrivacyConfig(true, List.of()));

    static Stream<Arguments> samples() {
        return SecretSamples.all().entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
    }

    static Stream<Arguments> contexts() {
        return SecretSamples.inContext().entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("samples")
    void aTokenIsReplacedByItsNameWhereverItStands(String name, String secret) {
        String marker = "[secret:" + name.split(" ", 2)[0] + "]";
        for (String around : List.of(
                "%s",
                "see %s.",
                "a\n%s\nb",
                "\"%s\"",
                "'%s',",
                "(%s)",
                "x=%s",
                "x\\n%s\\n",
                "\u001b[32m%s\u001b[0m",
                "?q=%%3D%s")) {
            String text = String.format(around, secret);
            assertThat(filter.filter(text)).as(around).isEqualTo(String.format(around, marker));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("contexts")
    void aSecretIsKnownByWhatItStandsIn(String context, String secret) {
        String filtered = filter.filter(context.replace("%s", secret));
        assertThat(filtered).doesNotContain(secret).contains("[secret:");
        int at = context.indexOf("%s");
        assertThat(filtered).startsWith(context.substring(0, at)).endsWith(context.substring(at + 2));
    }

    @Test
    void theSecretKeyBesideAnAccessKeyGoesToo() {
        String secret = "wJalrXUtnFEMI" + "/K7MDENG+bPxRfiCYEXAMPLEKEY";
        String id = "AKIA" + "IOSFODNN7EXAMPLE";
        assertThat(filter.filter("Access key ID,Secret access key\n" + id + "," + secret + "\n"))
                .isEqualTo("Access key ID,Secret access key\n[secret:aws-access-key]\n");
    }

    @Test
    void aPrivateKeyWhoseEndIsMissingIsHiddenToItsLastLine() {
        String whole = SecretSamples.pem("RSA PRIVATE KEY");
        String cut = whole.substring(0, whole.indexOf("-----END"));
        assertThat(filter.filter("key:\n" + cut + "and so on, with words"))
                .isEqualTo("key:\n[secret:private-key]\nand so on, with words");
        assertThat(filter.filter(cut.substring(0, 400))).isEqualTo("[secret:private-key]");
        assertThat(filter.filter(cut.replace("\n", "\\n"))).isEqualTo("[secret:private-key]\\n");
        assertThat(filter.filter(cut.replace("\n", " ").strip())).isEqualTo("[secret:private-key]");
    }

    @Test
    void aPrivateKeyIsFoundInNumberedQuotedAndEncryptedForm() {
        String whole = SecretSamples.pem("EC PRIVATE KEY");
        StringBuilder numbered = new StringBuilder();
        int number = 1;
        for (String line : whole.split("\n", -1)) {
            numbered.append("    ").append(number++).append('\t').append(line).append('\n');
        }
        assertThat(filter.filter(numbered.toString())).isEqualTo("    1\t[secret:private-key]\n");
        String cut = numbered.substring(0, numbered.indexOf("-----END"));
        assertThat(filter.filter(cut)).startsWith("    1\t[secret:private-key]").hasSizeLessThan(60);
        String encrypted = whole.replaceFirst("\n", "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0A1B\n\n");
        assertThat(filter.filter(encrypted)).isEqualTo("[secret:private-key]");
        assertThat(filter.filter("> " + whole.replace("\n", "\n> "))).isEqualTo("> [secret:private-key]");
    }

    @Test
    void aPublicKeyAndCodeThatNamesTheArmourStay() {
        for (String text : List.of(
                SecretSamples.pem("PUBLIC KEY"),
                SecretSamples.pem("CERTIFICATE"),
                "pem.replace(\"-----BEGIN PRIVATE KEY-----\", \"\").replace(\"-----END PRIVATE KEY-----\", \"\");",
                "if (line.startsWith(\"-----BEGIN RSA PRIVATE KEY-----\")) { return parse(line); }")) {
            assertThat(filter.filter(text)).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
                "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                "id 550e8400-e29b-41d4-a716-446655440000",
                "integrity sha512-oYPHGjzL5cIm2HFCDzKBpyI4kHEo4xxxHzDuGUbsGcgdTrCWkvxmFLl6UUTzSDgHH5dFL2gwYbVIdl6Rmmmmmg==",
                "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt.",
                "Please reset the password; the token expired and the secret is out.",
                "Enter your password: then press return",
                "The password is required and the token is invalid.",
                "password = getPassword();",
                "String token = request.getHeader(\"X-Token\");",
                "const token = jwt.sign({ id: user.id }, process.env.JWT_SECRET, { expiresIn: 3600 });",
                "self.token = tokens[3]",
                "token = tokenizer.next_token()",
                "max_tokens: 4096, total_tokens=7239, token_count = 12",
                "password: string; token?: string; secret: string | null",
                "<input type=\"password\" name=\"password\" placeholder=\"Password\">",
                "\"password\": \"Password\", \"token\": \"string\"",
                "password=$DB_PASSWORD TOKEN=${TOKEN:-none} secret: {{ vault.secret }}",
                "api_key: <your-api-key>, password: ********, token=xxxxxxxx",
                "PWD=/home/dev/kestrel\nOLDPWD=/home/dev",
                "docker run -u 1000:1000 image && chown -R app:app .",
                "http://localhost:8080/a/b?c=d#e and ssh git@github.com:owner/repo.git",
                "import dev.cairn.privacy.SecretRules; // hashes the password with base64 and sha256",
                "passwordEncoder = new BCryptPasswordEncoder(12)",
                "if (password.length() < 12) throw new WeakPasswordException();",
                "\"js-tokens\": \"^4.0.0\", \"csrf-token\": \"1.2.3-beta4\"",
                "secretName: tls-cert-2024, tokenType: bearer2, passwordFile: /run/secrets/db1",
                "task-1234567890abcdef1234567890abcdef12345678 and disk-usage",
                "kubectl get secret my-secret-1 -o yaml",
                "for (int i = 0; i < 10; i++) { sum += a[i] * b[i]; } // O(n)",
                "Bearer authentication is described in RFC 6750; Basic realm=\"x\"",
                "the private key = new PrivateKey(bytes1, bytes2)",
                "font: 12px/1.5 sans-serif; token:hover { color: #ff00aa }",
                "SGML. SKIP_TESTS hf_ sk- AKIA gh_ xox npm_config_cache=/tmp/x eyJ",
                "credentials: 'include', authorization: required",
                "at com.example.Main.main(Main.java:42) ... 12 more",
                "|2024-01-01 12:00:00|INFO |token refreshed for user 42|",
            })
    void ordinaryTextStays(String text) {
        assertThat(filter.filter(text)).isEqualTo(text);
    }

    @Test
    void applyingItAgainChangesNothing() {
        List<String> pieces = new ArrayList<>(SecretSamples.all().values());
        SecretSamples.inContext().forEach((context, secret) -> pieces.add(context.replace("%s", secret)));
        pieces.addAll(List.of(
                " ",
                "\n",
                "=",
                ":",
                "\"",
                "password=",
                "token: ",
                "<private>",
                "</private>",
                "words",
                "[secret:",
                "]",
                ","));
        Random random = new Random(7);
        for (int round = 0; round < 1000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(8); i >= 0; i--) {
                text.append(pieces.get(random.nextInt(pieces.size())));
                text.append(random.nextBoolean() ? " " : "");
            }
            String once = filter.filter(text.toString());
            assertThat(filter.filter(once)).as(text.toString()).isEqualTo(once);
        }
    }

    @Test
    void ownPatternsAreRemovedAndAWrongOneStopsTheStart() {
        PrivacyFilter own =
                new PrivacyFilter(new PrivacyConfig(true, List.of("EMP-[0-9]{6}", "secret", "(?i)kestrel")));
        String once = own.filter("EMP-123456 works on Kestrel, secret:x");
        assertThat(once).isEqualTo("[secret:pattern] works on [secret:pattern], [secret:pattern]:x");
        assertThat(own.filter(once)).isEqualTo(once);
        assertThatThrownBy(() -> new PrivacyFilter(new PrivacyConfig(true, List.of("a(b"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("privacy.patterns")
                .hasMessageContaining("a(b");
        assertThatThrownBy(() -> new PrivacyFilter(new PrivacyConfig(false, List.of("x*"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("empty text");
    }

    @Test
    void switchedOffItLeavesSecretsButNeverPrivateSpans() {
        PrivacyFilter off = new PrivacyFilter(new PrivacyConfig(false, List.of("EMP-[0-9]+")));
        assertThat(off.filter("DB_PASSWORD=hunter2x <private>x</private> EMP-1"))
                .isEqualTo("DB_PASSWORD=hunter2x [private] [secret:pattern]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "eyJaaaaaaaaa.",
                "-eyJ",
                "-----BEGIN PRIVATE KEY-----\nAAAAAAAAAAAAAAAAAAAAAAAA\n",
                "token:",
                "secret=\"",
                "password is ",
                "://a:",
                "ya29....",
                ".aaaaaa",
                "authorization: bearer ",
                "<private",
                "_pass",
            })
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void noTextMakesTheFilterSlow(String unit) {
        String hostile = unit.repeat(1_000_000 / unit.length() + 1);
        String plain = "lorem ipsum dolor. ".repeat(hostile.length() / 19);
        long plainCpu = cpu(plain);
        for (int i = 0; i < 4; i++) {
            plainCpu = Math.min(plainCpu, cpu(plain));
        }
        // A look that ran to the end of the text for each keyword would take some ten thousand times as long.
        assertThat(cpu(hostile)).isLessThan(400 * plainCpu);
    }

    private long cpu(String text) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long begin = threads.getCurrentThreadCpuTime();
        assertThat(Blobs.replace(filter.filter(text))).isNotNull();
        return threads.getCurrentThreadCpuTime() - begin;
    }
}
