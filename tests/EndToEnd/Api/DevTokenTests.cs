using System.Globalization;
using System.Text.Json;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Api;

/// <summary>Who is given a token for development, on a service whose pages any site may use.</summary>
public sealed class DevTokenTests(DevTokenTests.OpenToAllSites service) : IClassFixture<DevTokenTests.OpenToAllSites>
{
    private const string Body = "{\"sub\":\"eve\",\"role\":\"admin\"}";

    private readonly ServiceProcess _service = service.Process;

    public static TheoryData<string> OfThisMachine => new()
    {
        "Host: HOST",
        "Host: localhost:PORT",
        "Host: localhost",
        "Host: [::1]:PORT",
        "Host: HOST\r\nOrigin: http://HOST",
        "Host: localhost:PORT\r\nOrigin: http://localhost:PORT\r\nSec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors",
        "Host: localhost:80\r\nOrigin: http://localhost",
        "Host: HOST\r\nSec-Fetch-Site: none",
        "Host: HOST\r\nSec-Fetch-Mode: cors", // Node's fetch
        "Host: HOST\r\nUser-Agent: curl/8\r\nAccept: */*\r\nAccept-Encoding: gzip\r\nReferer: http://HOST/",
    };

    public static TheoryData<string> OfOthers => new()
    {
        "Host: HOST\r\nOrigin: https://evil.example",
        "Host: HOST\r\nOrigin: null",
        "Host: HOST\r\nOrigin:",
        "Host: HOST\r\nOrigin: http://HOST\r\nOrigin: http://HOST",
        "Host: HOST\r\nOrigin: http://HOST, https://evil.example",
        "Host: HOST\r\nOrigin: http://HOST.evil.example",
        "Host: HOST\r\nOrigin: http://HOST@evil.example",
        "Host: HOST\r\nOrigin: https://HOST", // another scheme
        "Host: HOST\r\nOrigin: http://127.0.0.1:1", // another port of this machine
        "Host: HOST\r\nOrigin: http://127.0.0.1",
        "Host: HOST\r\nOrigin: http://localhost:PORT", // another name of this machine
        "Host: HOST\r\nOrigin: file://",
        "Host: HOST\r\nOrigin: chrome-extension://abcdef",
        "Host: HOST\r\nSec-Fetch-Site: cross-site",
        "Host: HOST\r\nSec-Fetch-Site: same-site",
        "Host: HOST\r\nSec-Fetch-Site: something-new",
        "Host: HOST\r\nOrigin: http://HOST\r\nSec-Fetch-Site: cross-site",
        "Host: HOST\r\nSec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site",
        "Host: evil.example", // rebinding
        "Host: evil.example:PORT\r\nOrigin: http://evil.example:PORT\r\nSec-Fetch-Site: same-origin",
        "Host: localhost.evil.example",
        "Host: localhost.",
        "Host: 0.0.0.0:PORT",
        "Host: 127.1:PORT",
        "Host: 2130706433",
        "Host: [::ffff:10.0.0.1]",
        "Host:",
        "Host: HOST\r\nForwarded: for=1.2.3.4",
        "Host: HOST\r\nX-Forwarded-For: 127.0.0.1",
        "Host: HOST\r\nx-forwarded-proto: https",
        "Host: HOST\r\nX-Forwarded-Host: localhost",
        "Host: HOST\r\nX-Forwarded: 1",
        "Host: HOST\r\nX-Real-IP: 127.0.0.1",
        "Host: HOST\r\nVia: 1.1 proxy",
        "Host: HOST\r\nCF-Connecting-IP: 127.0.0.1",
        "Host: HOST\r\nCF-Ray: 1",
        "Host: HOST\r\nCDN-Loop: cloudflare",
        "Host: HOST\r\nTrue-Client-IP: 127.0.0.1",
        "Host: HOST\r\nX-Client-IP: 127.0.0.1",
        "Host: HOST\r\nX-Cluster-Client-IP: 127.0.0.1",
        "Host: HOST\r\nClient-IP: 127.0.0.1",
        "Host: HOST\r\nFastly-Client-IP: 127.0.0.1",
        "Host: HOST\r\nX-Original-URL: /",
        "Host: HOST\r\nX-Original-Host: localhost",
        "Host: HOST\r\nX-Azure-ClientIP: 127.0.0.1",
        "Host: HOST\r\nX-Envoy-External-Address: 127.0.0.1",
        "Host: HOST\r\nX-Amzn-Trace-Id: Root=1",
        "Host: HOST\r\nMax-Forwards: 10",
        "Host: HOST\r\nX-Forwarded-For:",
    };

    [Theory]
    [MemberData(nameof(OfThisMachine))]
    public async Task This_machines_clients_and_the_services_own_page_get_one(string headers)
    {
        var answer = await PostAsync("HTTP/1.1", headers);
        Assert.True(answer.Status == 200, $"{headers}: {answer.Status} {answer.Body}");
        Assert.NotEmpty(JsonSerializer.Deserialize<JsonElement>(answer.Body).GetProperty("token").GetString()!);
        Assert.Empty(answer.Headers["access-control-allow-origin"]);
    }

    [Theory]
    [MemberData(nameof(OfOthers))]
    public async Task Whatever_another_site_or_a_proxy_sends_gets_none(string headers) => Refused(await PostAsync("HTTP/1.1", headers), headers);

    [Theory]
    [InlineData("Host: HOST")]
    [InlineData("Host: localhost")]
    [InlineData("Accept: */*")]
    public async Task Nobody_gets_one_over_HTTP_1_0(string headers) => Refused(await PostAsync("HTTP/1.0", headers), headers);

    [Theory]
    [InlineData("Origin: https://evil.example\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type")]
    [InlineData("Origin: http://HOST\r\nAccess-Control-Request-Method: POST")]
    [InlineData("Origin: null\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Private-Network: true")]
    public async Task A_preflight_is_given_no_permission(string headers)
    {
        foreach (var path in (string[])["/v1/dev/tokens", "/V1/Dev/Tokens", "/v1/dev/tokens/", "/v1/dev/%74okens"])
        {
            using var connection = await RawConnection.OpenAsync(_service);
            await connection.SendAsync($"OPTIONS {path} HTTP/1.1\r\nHost: {_service.Address.Authority}\r\n{Fill(headers)}\r\n\r\n");
            var answer = await connection.AnswerAsync();
            Assert.True(answer.Status >= 400, $"{path}: {answer.Status}");
            Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("access-control-", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Everything_else_is_any_sites_to_use_as_the_setting_says()
    {
        using var connection = await RawConnection.OpenAsync(_service);
        await connection.SendAsync($"OPTIONS /v1/streams HTTP/1.1\r\nHost: {_service.Address.Authority}\r\nOrigin: https://evil.example\r\nAccess-Control-Request-Method: GET\r\n\r\n");
        var answer = await connection.AnswerAsync();
        Assert.Equal(["*"], answer.Headers["access-control-allow-origin"]);
    }

    private static void Refused(RawAnswer answer, string headers)
    {
        Assert.True(answer.Status is 404 or 400, $"{headers}: {answer.Status} {answer.Body}"); // 400: Kestrel's word on such a Host
        Assert.DoesNotContain("token\":", answer.Body, StringComparison.Ordinal);
        Assert.Empty(answer.Headers["access-control-allow-origin"]);
    }

    private async Task<RawAnswer> PostAsync(string version, string headers)
    {
        using var connection = await RawConnection.OpenAsync(_service);
        await connection.SendAsync($"POST /v1/dev/tokens {version}\r\n{Fill(headers)}\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}");
        return await connection.AnswerAsync();
    }

    private string Fill(string headers) => headers
        .Replace("HOST", _service.Address.Authority, StringComparison.Ordinal)
        .Replace("PORT", _service.Address.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    public sealed class OpenToAllSites : IAsyncLifetime
    {
        internal ServiceProcess Process { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Process = await ServiceProcess.StartAsync("--Cors:Origins", "*");

        public async ValueTask DisposeAsync() => await Process.DisposeAsync();
    }
}
