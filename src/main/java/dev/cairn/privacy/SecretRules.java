package dev.cairn.privacy;

import static dev.cairn.privacy.SecretRule.pattern;
import static dev.cairn.privacy.SecretRule.token;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The secrets that are looked for. The formats are those their issuers document; every quantifier is bounded or possessive,
 * so no text can make a pattern slow. The order matters only when two rules find the same place: the first gives the name.
 */
final class SecretRules {
    private static final String ID = "[A-Za-z0-9_-]";

    static final List<SecretRule> ALL = all();

    private SecretRules() {}

    private static List<SecretRule> all() {
        List<SecretRule> rules = new ArrayList<>();
        rules.add(new SecretRule("private-key", List.of("-----BEGIN"), PemBlocks::at));
        rules.add(pattern(
                "private-key",
                "Private-Lines: [0-9]{1,3}\\R(?<secret>(?:[A-Za-z0-9+/=]{1,100}+(?:\\R|$)){1,200}+)",
                "Private-Lines:"));
        rules.add(token("private-key", "AGE-SECRET-KEY-1[0-9A-Za-z]{20,100}+", "AGE-SECRET-KEY-1"));
        clouds(rules);
        codeHosts(rules);
        models(rules);
        services(rules);
        headers(rules);
        rules.add(new SecretRule("password", Assignments.KEYWORDS, Assignments::at));
        return List.copyOf(rules);
    }

    private static void clouds(List<SecretRule> rules) {
        // With the secret key that stands beside it in a credentials table.
        rules.add(token(
                "aws-access-key",
                "(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])"
                        + "(?:[\\s,;:\"'|]{1,4}[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=]))?",
                "AKIA",
                "ASIA",
                "ABIA",
                "ACCA"));
        rules.add(token("aws-bedrock-key", "ABSK[A-Za-z0-9+/]{40,300}+={0,2}", "ABSK"));
        rules.add(token("google-api-key", "AIza[A-Za-z0-9_-]{35,64}+", "AIza"));
        rules.add(token("google-oauth-token", "ya29\\.[A-Za-z0-9_.-]{20,2048}[A-Za-z0-9_-]", "ya29."));
        rules.add(token("google-oauth-secret", "GOCSPX-[A-Za-z0-9_-]{20,64}+", "GOCSPX-"));
        rules.add(token("google-refresh-token", "1//0[A-Za-z0-9_-]{24,512}+", "1//0"));
        rules.add(pattern(
                "azure-key",
                "(?i)(?:AccountKey|SharedAccessKey|SharedSecretKey)\\s{0,3}=\\s{0,3}(?<secret>[A-Za-z0-9+/]{20,200}+={0,2})",
                "AccountKey",
                "SharedAccessKey",
                "SharedSecretKey"));
        rules.add(pattern("azure-sas", "(?<=[?&;\"' ])sig=(?<secret>[A-Za-z0-9%+/=_-]{30,200}+)", "sig="));
        rules.add(token(
                "azure-client-secret", 4, "[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~-])", "Q~"));
        rules.add(token("azure-devops-token", 76, "[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}", "AZDO"));
        rules.add(token("digitalocean-token", "do[opr]_v1_[a-f0-9]{64}", "dop_v1_", "doo_v1_", "dor_v1_"));
        rules.add(token("databricks-token", "dapi[a-f0-9]{32}(?:-[0-9]{1,2})?(?![A-Za-z0-9])", "dapi"));
        rules.add(token("planetscale-token", "pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.-]{24,128}[A-Za-z0-9_-]", "pscale_"));
        rules.add(token("fly-token", "(?:fo1_|fm[12][ar]?_)[A-Za-z0-9+/=,_-]{32,4096}+", "fo1_", "fm1", "fm2_"));
        rules.add(token("supabase-key", "(?:sbp|sb_secret)_[A-Za-z0-9_-]{20,128}+", "sbp_", "sb_secret_"));
        rules.add(token("alibaba-access-key", "LTAI[A-Za-z0-9]{16,30}+", "LTAI"));
        rules.add(token("terraform-token", 14, "[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_=-]{40,100}+", ".atlasv1."));
        rules.add(token("vault-token", "hv[sbr]\\.[A-Za-z0-9_-]{20,400}+", "hvs.", "hvb.", "hvr."));
        rules.add(
                token("doppler-token", "dp\\.(?:pt|st|ct|sa|scim|audit)\\.[A-Za-z0-9_.-]{32,128}[A-Za-z0-9_-]", "dp."));
        rules.add(token("pulumi-token", "pul-[a-f0-9]{40}", "pul-"));
    }

    private static void codeHosts(List<SecretRule> rules) {
        rules.add(token(
                "github-token",
                "gh[pousr]_[A-Za-z0-9_]{30,512}+(?:[.-][A-Za-z0-9_-]{10,512}+){0,4}",
                "ghp_",
                "gho_",
                "ghu_",
                "ghs_",
                "ghr_"));
        rules.add(token("github-token", "github_pat_[A-Za-z0-9_]{30,255}+", "github_pat_"));
        rules.add(token(
                "gitlab-token",
                "gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|oas|ffct|wt)-[A-Za-z0-9_-]{20,300}+"
                        + "(?:\\.[A-Za-z0-9_-]{2,64}+){0,2}",
                "glpat-",
                "gldt-",
                "glrt-",
                "glrtr-",
                "glcbt-",
                "glptt-",
                "glft-",
                "glimt-",
                "glagent-",
                "glsoat-",
                "gloas-",
                "glffct-",
                "glwt-"));
        rules.add(token("npm-token", "npm_[A-Za-z0-9]{30,128}+", "npm_"));
        rules.add(token("pypi-token", "pypi-Ag[A-Za-z0-9_-]{40,512}+", "pypi-Ag"));
        rules.add(token("docker-token", "dckr_[po]at_[A-Za-z0-9_-]{20,64}+", "dckr_pat_", "dckr_oat_"));
        rules.add(token("rubygems-token", "rubygems_[a-f0-9]{48}", "rubygems_"));
        rules.add(token("atlassian-token", "AT(?:ATT|CTT|BB)[A-Za-z0-9_=-]{20,300}+", "ATATT", "ATCTT", "ATBB"));
        rules.add(token("linear-token", "lin_(?:api|oauth)_[A-Za-z0-9]{30,80}+", "lin_api_", "lin_oauth_"));
        rules.add(token("sentry-token", "sntry[su]_[A-Za-z0-9+/=_-]{40,400}+", "sntrys_", "sntryu_"));
        rules.add(token("grafana-token", "gl(?:sa|c)_[A-Za-z0-9+/=_]{30,200}+", "glsa_", "glc_"));
        rules.add(token("postman-token", "PMAK-[a-f0-9]{24}-[a-f0-9]{34}", "PMAK-"));
        rules.add(token("newrelic-key", "NR(?:AK|II|RA)-[A-Za-z0-9]{24,48}+", "NRAK-", "NRII-", "NRRA-"));
    }

    private static void models(List<SecretRule> rules) {
        rules.add(token("anthropic-key", "sk-ant-[A-Za-z0-9_-]{20,300}+", "sk-ant-"));
        rules.add(token(
                "openai-key",
                "sk-(?:(?:proj|svcacct|admin|None|or-v1)-[A-Za-z0-9_-]{20,300}+|[A-Za-z0-9]{32,200}+)",
                "sk-"));
        rules.add(token("huggingface-token", "(?:hf|api_org)_[A-Za-z0-9]{30,64}+", "hf_", "api_org_"));
        rules.add(token("groq-key", "gsk_[A-Za-z0-9]{40,80}+", "gsk_"));
        rules.add(token("xai-key", "xai-[A-Za-z0-9]{60,120}+", "xai-"));
        rules.add(token("perplexity-key", "pplx-[A-Za-z0-9]{40,80}+", "pplx-"));
        rules.add(token("replicate-token", "r8_[A-Za-z0-9]{36,64}+", "r8_"));
        rules.add(token("langsmith-key", "lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}", "lsv2_"));
        rules.add(token("nvidia-key", "nvapi-[A-Za-z0-9_-]{40,100}+", "nvapi-"));
    }

    private static void services(List<SecretRule> rules) {
        rules.add(token("slack-token", "xox[a-z](?:\\.xox[a-z])?-[A-Za-z0-9-]{10,300}+", "xox"));
        rules.add(token("slack-token", "xapp-[0-9]-[A-Za-z0-9-]{10,300}+", "xapp-"));
        rules.add(pattern(
                "slack-webhook",
                "hooks\\.slack\\.com/(?<secret>(?:services|workflows|triggers)/[A-Za-z0-9/_+-]{16,200}+)",
                "hooks.slack.com/"));
        rules.add(token(
                "stripe-key",
                "[sr]k_(?:live|test|prod)_[A-Za-z0-9]{10,256}+",
                "sk_live_",
                "sk_test_",
                "rk_live_",
                "rk_test_",
                "sk_prod_",
                "rk_prod_"));
        rules.add(token("webhook-secret", "whsec_[A-Za-z0-9+/=]{24,128}+", "whsec_"));
        rules.add(token("sendgrid-key", "SG\\.[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{32,64}+", "SG."));
        rules.add(token("twilio-key", "SK[0-9a-f]{32}(?![A-Za-z0-9])", "SK"));
        rules.add(token("mailgun-key", "key-[0-9a-f]{32}(?![A-Za-z0-9])", "key-"));
        rules.add(token("mailchimp-key", 32, "[0-9a-f]{32}-us[0-9]{1,2}(?![A-Za-z0-9])", "-us"));
        rules.add(token("brevo-key", "xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}", "xkeysib-"));
        rules.add(token(
                "shopify-token", "shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32,64}+", "shpat_", "shpca_", "shppa_", "shpss_"));
        rules.add(token("square-token", "sq0(?:atp|csp|idp)-[A-Za-z0-9_-]{22,64}+", "sq0atp-", "sq0csp-", "sq0idp-"));
        rules.add(token("figma-token", "figd_[A-Za-z0-9_-]{36,64}+", "figd_"));
        rules.add(token(
                "notion-token",
                "(?:ntn_[A-Za-z0-9]{40,64}+|secret_[A-Za-z0-9]{43}(?![A-Za-z0-9]))",
                "ntn_",
                "secret_"));
        rules.add(pattern("telegram-token", "(?<=(?<![0-9])[0-9]{8,10}):(?<secret>AA[A-Za-z0-9_-]{32,40}+)", ":AA"));
        rules.add(new SecretRule("discord-token", List.of("."), SecretRules::discord));
        rules.add(pattern(
                "discord-webhook", "/api/webhooks/[0-9]{10,25}/(?<secret>[A-Za-z0-9_-]{50,100}+)", "/api/webhooks/"));
        rules.add(token(
                "jwt",
                "(?<!-)eyJ" + ID + "{8,8192}+\\.(?:eyJ" + ID + "{8,65536}+(?:\\." + ID + "{0,8192}+)?|" + ID
                        + "{0,8192}+\\." + ID + "{8,8192}+\\." + ID + "{8,65536}+\\." + ID + "{8,8192}+)",
                "eyJ"));
    }

    private static void headers(List<SecretRule> rules) {
        rules.add(pattern(
                "authorization",
                "(?i)authorization[\\\\\"'\\]]{0,4}\\s{0,4}[:=,]\\s{0,4}[\\\\\"'\\[]{0,4}"
                        + "(?:bearer|basic|token|apikey|digest|negotiate|key|bot)\\s{1,4}"
                        + "(?<secret>(?![$<{%\\[])[^\\s\"'\\\\,;]{8,8192}+)",
                "authorization"));
        rules.add(pattern(
                "bearer-token",
                "(?i)bearer\\s{1,4}(?<secret>(?=[^\\s]{0,64}[0-9])[A-Za-z0-9._~+/-]{20,8192}+={0,2})",
                "bearer"));
        rules.add(pattern(
                "url-password",
                "://[^\\s/:@\"'<>\\\\]{0,128}+:(?<secret>(?![$<{%\\[*])[^\\s/@\"'<>\\\\]{1,256}+)@",
                "://"));
        rules.add(new SecretRule("basic-auth", List.of("-u ", "--user ", "--user="), SecretRules::curlUser));
        rules.add(pattern(
                "session-cookie",
                "(?i)(?:set-)?cookie[\"']?\\s{0,2}:\\s{0,2}[\"']?(?<secret>[A-Za-z0-9_.-]{1,64}+=[^\\s\"'\\\\;]{16,4096}+"
                        + "(?:; ?(?!path|domain|expires|max-age|samesite)[A-Za-z0-9_.-]{1,64}+=[^\\s\"'\\\\;]{0,4096}+){0,64}+)",
                "cookie:",
                "cookie\":",
                "cookie':"));
    }

    private static final Pattern DISCORD = Pattern.compile("(?<=(?<![A-Za-z0-9_-])[MNO][A-Za-z0-9_-]{22,27})"
            + "\\.[A-Za-z0-9_-]{6}\\.(?=[A-Za-z0-9_-]{0,38}[0-9])[A-Za-z0-9_-]{27,50}+");

    /** The time stamp between the dots has six characters: that rules out nearly every other dot at once. */
    private static SecretRule.@Nullable Span discord(String text, int start, int end) {
        int second = start + 7;
        return second < text.length() && text.charAt(second) == '.' ? SecretRule.match(DISCORD, text, start) : null;
    }

    private static final Pattern CURL_USER = Pattern.compile(
            "(?:-u|--user)[ =]{1,2}[\"']?[^\\s:\"'$]{1,128}+:(?<secret>(?![$<{%\\[])[^\\s\"']{1,256}+)");

    private static SecretRule.@Nullable Span curlUser(String text, int start, int end) {
        SecretRule.Span span = SecretRule.match(CURL_USER, text, start);
        if (span == null) {
            return null;
        }
        String before = text.substring(Math.max(0, start - 512), start);
        return before.contains("curl") || before.contains("http") ? span : null;
    }
}
