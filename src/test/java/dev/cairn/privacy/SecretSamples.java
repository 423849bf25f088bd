package dev.cairn.privacy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** Secrets in the formats of their issuers, put together at run time so that none stands in the sources. */
public final class SecretSamples {
    private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
    private static final String DIGITS = "0123456789";
    private static final String HEX = DIGITS + "abcdef";
    private static final String UPPER = LOWER.toUpperCase(java.util.Locale.ROOT);
    private static final String ALNUM = UPPER + LOWER + DIGITS;
    private static final String ID = ALNUM + "_-";
    private static final String BASE64 = ALNUM + "+/";

    private final Random random = new Random(42);

    /** Name of the rule (with a number when it has several) to a sample. */
    static Map<String, String> all() {
        return new SecretSamples().samples();
    }

    public static String of(String name) {
        return Objects.requireNonNull(all().get(name));
    }

    private String some(String alphabet, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        // One of each sort at the ends, as chance alone might leave a sort out.
        text.setCharAt(0, alphabet.charAt(0));
        text.setCharAt(length - 1, alphabet.contains("7") ? '7' : alphabet.charAt(1));
        return text.toString();
    }

    private Map<String, String> samples() {
        Map<String, String> s = new LinkedHashMap<>();
        for (String prefix : new String[] {"AKIA", "ASIA"}) {
            s.put("aws-access-key " + prefix, prefix + some(UPPER + "234567", 16));
        }
        s.put("aws-bedrock-key", "ABSK" + some(BASE64, 128));
        for (String kind : new String[] {"p", "o", "u", "s", "r"}) {
            s.put("github-token " + kind, "gh" + kind + "_" + some(ALNUM, 36));
        }
        s.put("github-token fine", "github_" + "pat_" + some(ALNUM, 22) + "_" + some(ALNUM, 59));
        s.put("gitlab-token", "glp" + "at-" + some(ID, 20));
        s.put("gitlab-token routable", "glp" + "at-" + some(ID, 27) + ".01." + some(LOWER + DIGITS, 9));
        s.put("gitlab-token runner", "glr" + "t-" + some(ID, 20));
        s.put("slack-token bot", "xo" + "xb-" + some(DIGITS, 12) + "-" + some(DIGITS, 12) + "-" + some(ALNUM, 24));
        s.put("slack-token user", "xo" + "xp-" + some(DIGITS, 12) + "-" + some(DIGITS, 12) + "-" + some(HEX, 32));
        s.put("slack-token app", "xa" + "pp-1-A" + some(UPPER, 10) + "-" + some(DIGITS, 13) + "-" + some(HEX, 64));
        s.put("stripe-key", "sk_" + "live_" + some(ALNUM, 24));
        s.put("stripe-key restricted", "rk_" + "live_" + some(ALNUM, 99));
        s.put("webhook-secret", "wh" + "sec_" + some(ALNUM, 32));
        s.put("openai-key", "sk-" + some(ALNUM, 20) + "T3Blbk" + "FJ" + some(ALNUM, 20));
        s.put("openai-key project", "sk-" + "proj-" + some(ID, 148));
        s.put("openai-key router", "sk-" + "or-v1-" + some(HEX, 64));
        s.put("anthropic-key", "sk-" + "ant-api03-" + some(ID, 93) + "AA");
        s.put("google-api-key", "AI" + "za" + some(ID, 35));
        s.put("google-oauth-token", "ya" + "29." + some(ID, 120));
        s.put("google-oauth-secret", "GOC" + "SPX-" + some(ID, 28));
        s.put("google-refresh-token", "1/" + "/0" + some(ID, 60));
        s.put("azure-client-secret", some(ALNUM, 3) + "8Q" + "~" + some(ALNUM, 34));
        s.put("azure-devops-token", some(ALNUM, 76) + "AZ" + "DO" + some(ALNUM, 4));
        s.put("digitalocean-token", "do" + "p_v1_" + some(HEX, 64));
        s.put("databricks-token", "da" + "pi" + some(HEX, 32));
        s.put("planetscale-token", "psc" + "ale_tkn_" + some(ID, 43));
        s.put("supabase-key", "sb" + "p_" + some(HEX, 40));
        s.put("alibaba-access-key", "LT" + "AI" + some(ALNUM, 20));
        s.put("terraform-token", some(ALNUM, 14) + ".atlas" + "v1." + some(ID, 67));
        s.put("vault-token", "hv" + "s." + some(ID, 95));
        s.put("doppler-token", "dp" + ".pt." + some(ALNUM, 43));
        s.put("pulumi-token", "pu" + "l-" + some(HEX, 40));
        s.put("npm-token", "np" + "m_" + some(ALNUM, 36));
        s.put("pypi-token", "py" + "pi-AgEIcHlwaS5vcmc" + some(ID, 150));
        s.put("docker-token", "dckr" + "_pat_" + some(ID, 27));
        s.put("rubygems-token", "rubyg" + "ems_" + some(HEX, 48));
        s.put("atlassian-token", "AT" + "ATT3xFfGF0" + some(ID, 170) + "=" + some(HEX, 8));
        s.put("linear-token", "lin_" + "api_" + some(ALNUM, 40));
        s.put("sentry-token", "sntr" + "yu_" + some(HEX, 64));
        s.put("grafana-token", "gl" + "sa_" + some(ALNUM, 32) + "_" + some(HEX, 8));
        s.put("postman-token", "PM" + "AK-" + some(HEX, 24) + "-" + some(HEX, 34));
        s.put("newrelic-key", "NR" + "AK-" + some(UPPER + DIGITS, 27));
        s.put("huggingface-token", "h" + "f_" + some(ALNUM, 34));
        s.put("groq-key", "gs" + "k_" + some(ALNUM, 52));
        s.put("xai-key", "xa" + "i-" + some(ALNUM, 80));
        s.put("perplexity-key", "pp" + "lx-" + some(ALNUM, 48));
        s.put("replicate-token", "r" + "8_" + some(ALNUM, 37));
        s.put("langsmith-key", "lsv" + "2_pt_" + some(HEX, 32) + "_" + some(HEX, 10));
        s.put("nvidia-key", "nva" + "pi-" + some(ID, 64));
        s.put("sendgrid-key", "S" + "G." + some(ID, 22) + "." + some(ID, 43));
        s.put("twilio-key", "S" + "K" + some(HEX, 32));
        s.put("mailgun-key", "ke" + "y-" + some(HEX, 32));
        s.put("mailchimp-key", some(HEX, 32) + "-u" + "s14");
        s.put("brevo-key", "xkey" + "sib-" + some(HEX, 64) + "-" + some(ALNUM, 16));
        s.put("shopify-token", "shp" + "at_" + some(HEX, 32));
        s.put("square-token", "sq0" + "atp-" + some(ID, 22));
        s.put("figma-token", "fig" + "d_" + some(ID, 40));
        s.put("notion-token", "nt" + "n_" + some(ALNUM, 46));
        s.put("jwt", jwt());
        s.put("private-key", pem("RSA PRIVATE KEY"));
        s.put("private-key openssh", pem("OPENSSH PRIVATE KEY"));
        s.put("private-key pgp", pem("PGP PRIVATE KEY BLOCK"));
        s.put("private-key age", "AGE-SECRET" + "-KEY-1" + some(UPPER + DIGITS, 58));
        return s;
    }

    private String jwt() {
        return "ey" + "JhbGciOiJIUzI1NiJ9." + "ey" + "JzdWIiOiIxMjM0" + some(ID, 80) + "." + some(ID, 43);
    }

    /** A block with twelve lines of key. */
    static String pem(String label) {
        SecretSamples samples = new SecretSamples();
        StringBuilder block = new StringBuilder("-----BEGIN " + label + "-----\n");
        for (int i = 0; i < 11; i++) {
            block.append(samples.some(BASE64, 64)).append('\n');
        }
        return block.append(samples.some(BASE64, 22))
                .append("==\n-----END ")
                .append(label)
                .append("-----")
                .toString();
    }

    /** Secrets known only by what they stand in: the text with {@code %s} for the secret, and the secret. */
    static Map<String, String> inContext() {
        SecretSamples s = new SecretSamples();
        String alnum = s.some(ALNUM, 24);
        Map<String, String> m = new LinkedHashMap<>();
        m.put("export API_KEY=%s", alnum);
        m.put("DB_PASSWORD=%s", "correct" + "horse");
        m.put("POSTGRES_PASSWORD=%s\nPOSTGRES_USER=app", "pg" + "pass9");
        m.put("aws_secret_access_key = %s", s.some(BASE64, 40));
        m.put("AWS_SESSION_TOKEN=%s", s.some(BASE64, 200));
        m.put("//registry.example.org/:_authToken=%s", alnum);
        m.put("password: \"%s\"", "hunter2" + "abc");
        m.put("  password: %s\n  user: app", "hunter" + "2");
        m.put("{\"client_secret\": \"%s\"}", alnum);
        m.put("{\\\"api_key\\\": \\\"%s\\\", \\\"a\\\": 1}", alnum);
        m.put("const apiKey = '%s';", alnum);
        m.put("let password: string = \"%s\";", "Tr0ub4" + "dor&3");
        m.put("os.environ[\"API_TOKEN\"] = \"%s\"", alnum);
        m.put("properties.put(\"password\", \"%s\")", "s3cr3t" + "value");
        m.put("login --user app --password %s --verbose", "hunter2" + "x");
        m.put("tool --token=%s", alnum);
        m.put("<password>%s</password>", "hunter2" + "abc");
        m.put("my password is %s, keep it", "hunter" + "2");
        m.put("Server=db;User Id=sa;Password=%s;Encrypt=true", "Str0ng" + "!Pass");
        m.put("AccountName=x;AccountKey=%s;EndpointSuffix=core", s.some(BASE64, 86) + "==");
        m.put("Endpoint=sb://x/;SharedAccessKeyName=n;SharedAccessKey=%s", s.some(BASE64, 43) + "=");
        m.put("https://a.blob.example/c?sv=2022&sig=%s&se=1", s.some(ALNUM, 43) + "%3D");
        m.put("Authorization: Bearer %s", alnum);
        m.put("-H 'Authorization: Basic %s'", s.some(BASE64, 24));
        m.put("\"authorization\": \"token %s\"", alnum);
        m.put("sent Bearer %s to it", s.some(ALNUM, 40));
        m.put("x-api-key: %s", alnum);
        m.put("postgres://app:%s@db.example:5432/x", "p4ss" + "word");
        m.put("redis://:%s@cache:6379", "p4ss" + "word");
        m.put("git clone https://user:%s@host/r.git", alnum);
        m.put("curl -s -u admin:%s http://host/", "hunter" + "2");
        m.put("curl https://x/?access_token=%s&page=2", alnum);
        m.put("https://hooks.slack.com/%s", "services/T0AB" + "CDEFG/B0ABCDEFG/" + alnum);
        m.put("https://discord.com/api/webhooks/123456789012345678/%s", s.some(ID, 68));
        m.put("123456789:%s", "AA" + s.some(ID, 33));
        m.put("M" + s.some(ALNUM, 23) + "%s", "." + s.some(ALNUM, 6) + "." + s.some(ALNUM, 27));
        m.put("Set-Cookie: %s; Path=/", "sid=" + s.some(ALNUM, 32));
        m.put("Private-Lines: 2\n%s", s.some(BASE64, 64) + "\n" + s.some(BASE64, 20));
        return m;
    }
}
