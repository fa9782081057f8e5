using System.Net;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Settings;
using Interactions.Tests.Frontend.Admission;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Interactions.Tests.Frontend.Settings;

public sealed class OptionsTests
{
    [Fact]
    public void Without_settings_all_are_the_protocols()
    {
        var provider = Bind();
        Assert.Equal(new AuthOptions(), provider.GetRequiredService<AuthOptions>());
        Assert.Equal(new LimitOptions(50, 0, 20_000, 65_536, 120, 30, 60), provider.GetRequiredService<LimitOptions>());
        Assert.Equal(new LogSettings(LogKind.Rocks, "./data", 0), provider.GetRequiredService<LogSettings>());
        Assert.Equal("local", provider.GetRequiredService<RegionOptions>().Name);
        Assert.Empty(provider.GetRequiredService<CorsOptions>().Origins);
        Assert.Empty(provider.GetRequiredService<ProxyOptions>().Trusted);
    }

    [Theory]
    [InlineData("Auth:Key", "short")]
    [InlineData("Auth:Key", "-----BEGIN PUBLIC KEY----- 0123456789abcdef0123456789abcdef")]
    [InlineData("Auth:Jwks", "/no/such/file.json")]
    [InlineData("Auth:Jwks", "http://")]
    [InlineData("Auth:Anonymous", "all")]
    [InlineData("Auth:Anonymous", "1")]
    [InlineData("Auth:Dev", "yes")]
    [InlineData("Limits:BodyBytes", "64KB")]
    [InlineData("Limits:BodyBytes", "1")]
    [InlineData("Limits:InteractionsPerSecondPerUser", "0")]
    [InlineData("Limits:ConnectionsPerAddress", "-1")]
    [InlineData("Limits:ResumeSeconds", "0")]
    [InlineData("Limits:DrainSeconds", "-1")]
    [InlineData("Limits:IdleCloseSeconds", "0")]
    [InlineData("Limits:ConnectsPerSecond", "99999999999")]
    [InlineData("Limits:StreamsPerUser", "0")]
    [InlineData("Limits:StreamsPerMinutePerUser", "0")]
    [InlineData("Cors:Origins", "example.org")]
    [InlineData("Cors:Origins", "https://example.org/app")]
    [InlineData("Proxies:Trusted", "proxy")]
    [InlineData("Proxies:Trusted", "10.0.0.0/33")]
    [InlineData("Log:Redis", "localhost")]
    [InlineData("Log:Redis", "one=localhost")]
    [InlineData("Log:Redis", "=localhost:6379")]
    [InlineData("Log:Kind", "Orleans")]
    [InlineData("Log:Kind", "Tape")]
    [InlineData("Log:KeepHours", "-1")]
    [InlineData("Region:Name", "eu west")]
    [InlineData("Telemetry:Otlp", "collector:4317")]
    [InlineData("Telemetry:OtlpProtocol", "pigeon")]
    [InlineData("Telemetry:TraceRatio", "1.5")]
    [InlineData("Telemetry:TraceRatio", "-1")]
    [InlineData("Telemetry:OtlpIntervalSeconds", "0")]
    [InlineData("Urls", "bogus")]
    [InlineData("Urls", "localhost:5000")]
    [InlineData("Urls", "http://127.0.0.1:99999")]
    [InlineData("Urls", "http://127.0.0.1:-1")]
    [InlineData("Urls", "http://127.0.0.1:port")]
    [InlineData("Urls", "http://127.0.0.1:80/app")]
    [InlineData("Urls", "http://127.0.0.1:80;ftp://127.0.0.1:81")]
    [InlineData("Kestrel:Endpoints:Web:Url", "http://")]
    [InlineData("Logging:LogLevel:Default", "Blah")]
    [InlineData("Logging:Console:LogLevel:Microsoft", "Blah")]
    [InlineData("Logging:Console:FormatterName", "jsn")]
    [InlineData("Log:Redis", "localhost:6379")]
    public void A_wrong_setting_refuses_to_start_by_its_name(string setting, string value) =>
        Assert.StartsWith(setting, Assert.Single(Problems((setting, value))), StringComparison.Ordinal);

    [Theory]
    [InlineData("Urls", "http://*:80;HTTPS://[::1]:0/;http://unix:/tmp/x.sock")]
    [InlineData("Logging:LogLevel:Default", "warning")]
    [InlineData("Logging:Console:FormatterName", "JSON")]
    public void What_the_server_and_its_logger_take_is_taken(string setting, string value) => Bind((setting, value)).Dispose();

    [Theory]
    [InlineData("Urls", "localhost:5000")]
    [InlineData("Kestrel:Endpoints:Web:Url", "bogus")]
    public void An_address_that_is_none_is_told_of_once(string setting, string value) =>
        Assert.StartsWith(setting, Assert.Single(Problems(("Auth:Dev", "true"), (setting, value))), StringComparison.Ordinal);

    [Fact]
    public void All_problems_are_told_at_once() =>
        Assert.Equal(3, Problems(("Auth:Key", "x"), ("Limits:BodyBytes", "x"), ("Region:Name", "*")).Count());

    [Fact]
    public void The_log_of_earlier_versions_is_refused_by_name() =>
        Assert.Contains("which this version does not have any more", Assert.Single(Problems(("Log:Kind", "file"))), StringComparison.Ordinal);

    [Fact]
    public void Redis_needs_at_least_one_server() =>
        Assert.StartsWith("Log:Redis", Assert.Single(Problems(("Log:Kind", "Redis"))), StringComparison.Ordinal);

    [Fact]
    public void A_secret_is_never_repeated()
    {
        Assert.DoesNotContain("hunter2", Assert.Single(Problems(("Auth:Key", "hunter2"))), StringComparison.Ordinal);
        Assert.DoesNotContain(TokenMaker.Key, new AuthOptions(TokenMaker.Key).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Urls", "http://localhost:5000", true)]
    [InlineData("Urls", "http://127.0.0.1:0;http://[::1]:5001/;https://LOCALHOST", true)]
    [InlineData("Urls", "", true)]
    [InlineData("Urls", "http://*:5000", false)]
    [InlineData("Urls", "http://+:80", false)]
    [InlineData("Urls", "http://0.0.0.0:5000", false)]
    [InlineData("Urls", "http://[::]:5000", false)]
    [InlineData("Urls", "http://localhost:5000;http://192.168.1.2:5000", false)]
    [InlineData("Urls", "http://localhost.example:5000", false)]
    [InlineData("Urls", "http://unix:/tmp/x.sock", false)]
    [InlineData("HTTP_PORTS", "8080", false)]
    [InlineData("Kestrel:Endpoints:Web:Url", "http://*:5000", false)]
    [InlineData("Kestrel:Endpoints:Web:Url", "http://localhost:5000", true)]
    public void Dev_tokens_are_for_loopback_addresses_only(string setting, string value, bool good)
    {
        if (good) Assert.True(Bind(("Auth:Dev", "true"), (setting, value)).GetRequiredService<AuthOptions>().Dev);
        else Assert.StartsWith("Auth:Dev", Assert.Single(Problems(("Auth:Dev", "true"), (setting, value))), StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_come_as_sections_or_with_commas()
    {
        var provider = Bind(("Cors:Origins:0", "https://A.example"), ("Cors:Origins:1", "http://b.example:81"), ("Proxies:Trusted", "10.0.0.0/8, ::1"));
        Assert.Equal(["https://a.example", "http://b.example:81"], provider.GetRequiredService<CorsOptions>().Origins);
        var proxies = provider.GetRequiredService<ProxyOptions>();
        Assert.True(proxies.Trusts(IPAddress.Parse("::ffff:10.1.2.3")));
        Assert.True(proxies.Trusts(IPAddress.IPv6Loopback));
        Assert.False(proxies.Trusts(IPAddress.Parse("11.0.0.1")));
        Assert.False(proxies.Trusts(null));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("https://a.example", true)]
    [InlineData("https://A.example", true)]
    [InlineData("http://a.example", false)]
    [InlineData("https://a.example.evil", false)]
    [InlineData("null", false)]
    [InlineData("https://own.example", true)]
    [InlineData("http://own.example:8080", false)]
    public void Pages_of_listed_origins_and_our_own_may_connect(string? origin, bool allowed)
    {
        var request = new DefaultHttpContext().Request;
        request.Host = new HostString("own.example", 443);
        if (origin is not null) request.Headers.Origin = origin;
        Assert.Equal(allowed, new CorsOptions(["https://a.example"]).Allows(request));
    }

    [Fact]
    public void A_star_allows_every_page()
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.Origin = "https://any.example";
        Assert.True(Bind(("Cors:Origins", "*")).GetRequiredService<CorsOptions>().Allows(request));
    }

    [Theory]
    [InlineData("Limits:ConectionsPerUser", "Limits:ConnectionsPerUser")]
    [InlineData("Limits:drainsecond", "Limits:DrainSeconds")]
    [InlineData("Log:Kinds", "Log:Kind")]
    [InlineData("Cors:Origin:0", "Cors:Origins")]
    [InlineData("Limits:Connections", null)]
    [InlineData("Auth:Providers:Google:Secret", null)]
    public void A_setting_that_does_not_exist_is_told_of_with_the_one_that_was_meant(string setting, string? meant) =>
        Assert.Equal((setting, meant), Assert.Single(Unknown((setting, "x"))));

    [Theory]
    [InlineData("Cors:Origins:12")]
    [InlineData("LOG:PATH")]
    [InlineData("Region")]
    [InlineData("Logging:LogLevel:Default")]
    [InlineData("Nobodys:Business")]
    [InlineData("Telemetry:OtlpIntervalSeconds")]
    public void What_exists_or_is_not_ours_is_not_told_of(string setting) => Assert.Empty(Unknown((setting, "1")));

    [Theory]
    [InlineData("Limit:BodyBytes", "Limits:BodyBytes")]
    [InlineData("Lgo:Path", "Log:Path")]
    [InlineData("Limit:Nonsense", null)]
    [InlineData("Url", "Urls")]
    public void On_the_command_line_a_section_that_looks_like_ours_is_told_of(string setting, string? meant) =>
        Assert.Equal((setting, meant), Assert.Single(Given(setting)));

    [Theory]
    [InlineData("urls")]
    [InlineData("Limits:BodyBytes")]
    [InlineData("Cors:Origins:0")]
    [InlineData("Logging:LogLevel:Default")]
    [InlineData("Kestrel:Limits:BodyBytes")]
    [InlineData("environment")]
    [InlineData("Nobodys:Business")]
    public void On_the_command_line_what_exists_or_looks_like_nothing_of_ours_is_not_told_of(string setting) => Assert.Empty(Given(setting));

    [Theory]
    [InlineData("Limit:BodyBytes")]
    [InlineData("Url")]
    public void In_the_environment_only_our_own_sections_are_told_of(string setting) => Assert.Empty(Unknown((setting, "1")));

    [Fact]
    public void Everything_can_be_resolved()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddInteractionsOptions(new ConfigurationBuilder().Build()).AddAdmission();
        using var provider = services.BuildServiceProvider();
        Assert.NotNull(provider.GetRequiredService<TokenVerifier>());
        Assert.False(provider.GetRequiredService<DevTokens>().IsEnabled);
        Assert.True(provider.GetRequiredService<SendLimiter>().TryTake("u1", 1, out _));
    }

    private static ServiceProvider Bind(params (string Setting, string Value)[] settings) => new ServiceCollection()
        .AddInteractionsOptions(new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(one => one.Setting, one => (string?)one.Value)).Build())
        .BuildServiceProvider();

    private static IReadOnlyList<(string Setting, string? Meant)> Unknown((string Setting, string Value) setting)
    {
        // Values that would refuse to start are not what is asked here.
        var value = setting.Setting.StartsWith("Cors", StringComparison.Ordinal) ? "https://a.example" : setting.Value;
        return Bind((setting.Setting, value)).GetRequiredService<UnknownSettings>().Find();
    }

    private static IReadOnlyList<(string Setting, string? Meant)> Given(string setting)
    {
        using var provider = new ServiceCollection().AddInteractionsOptions(new ConfigurationBuilder().Build(), [setting]).BuildServiceProvider();
        return provider.GetRequiredService<UnknownSettings>().Find();
    }

    private static IEnumerable<string> Problems(params (string Setting, string Value)[] settings) =>
        Assert.Throws<OptionsValidationException>(() => Bind(settings)).Failures;
}
