using System.Net.WebSockets;
using System.Text;
using Interactions.Tests.EndToEnd.Harness;
using Interactions.Tests.Frontend.Admission;
using Xunit;

namespace Interactions.Tests.EndToEnd.Api;

/// <summary>Tokens at the edge of their time, with null claims, and junk, as the running service takes them.</summary>
public sealed class TokenTests : IAsyncLifetime
{
    private ServiceProcess _service = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await ServiceProcess.StartAsync("--Auth:Dev", "false", "--Auth:Key", TokenMaker.Key, "--Auth:LeewaySeconds", "60");
        using var owner = Client.WithToken(_service, Token("""{"sub":"owner","role":"broadcaster","exp":EXP}""", 600));
        await owner.GoLiveAsync("shown");
    }

    public async ValueTask DisposeAsync() => await _service.DisposeAsync();

    [Theory]
    [InlineData("""{"sub":"ada","exp":EXP}""", -55, 200)]
    [InlineData("""{"sub":"ada","exp":EXP}""", -65, 401)]
    [InlineData("""{"sub":"ada","exp":EXP.0}""", 60, 200)]
    [InlineData("""{"sub":"ada","exp":EXP0e-1}""", 60, 200)]
    [InlineData("""{"sub":"ada","exp":EXPe400}""", 60, 401)]
    [InlineData("""{"sub":"ada","nbf":EXP,"exp":9999999999}""", 55, 200)]
    [InlineData("""{"sub":"ada","nbf":EXP,"exp":9999999999}""", 65, 401)]
    [InlineData("""{"sub":"ada","name":null,"role":null,"streams":null,"nbf":null,"iat":null,"jti":null,"iss":null,"aud":null,"exp":EXP}""", 60, 200)]
    [InlineData("""{"sub":null,"exp":EXP}""", 60, 401)]
    [InlineData("""{"sub":"ada","exp":null}""", 60, 401)]
    public async Task A_token_is_good_within_its_time_and_the_leeway(string claims, int seconds, int status)
    {
        using var ada = Client.WithToken(_service, Token(claims, seconds));
        Assert.Equal(status, (await ada.GetAsync("streams/shown/me")).Status);
    }

    [Theory]
    [InlineData("junk", false)]
    [InlineData("", false)]
    [InlineData("a.b.c", false)]
    [InlineData("EXPIRED", true)]
    [InlineData("FORGED", false)]
    public async Task A_token_that_is_refused_closes_as_refused_and_one_that_has_expired_as_expired(string token, bool isExpired)
    {
        var sent = token switch
        {
            "EXPIRED" => Token("""{"sub":"ada","exp":EXP}""", -3600),
            "FORGED" => TokenMaker.Hmac("""{"sub":"ada","exp":9999999999}""", key: new string('k', 32)),
            _ => token,
        };
        using var refused = await ConnectAsync(sent);
        Assert.Equal((4401, isExpired), await CloseAsync(refused));

        using var renewing = await ConnectAsync(Token("""{"sub":"ada","exp":EXP}""", 600));
        await renewing.SendAsync(Encoding.UTF8.GetBytes($$"""{"t":"token","token":"{{sent}}"}"""), WebSocketMessageType.Text, true, CancellationToken.None);
        Assert.Equal((4401, isExpired), await CloseAsync(renewing));
        using var http = new HttpClient { BaseAddress = _service.Address };
        var metric = $"interactions_connections_closed_total{{reason=\"{(isExpired ? "token_expired" : "token_refused")}\",transport=\"websocket\"}}";
        var late = DateTime.UtcNow.AddSeconds(20);
        while (!(await http.GetStringAsync("metrics")).Contains(metric, StringComparison.Ordinal)) Assert.True(DateTime.UtcNow < late, metric);
    }

    private static string Token(string claims, int seconds) =>
        TokenMaker.Hmac(claims.Replace("EXP", $"{DateTimeOffset.UtcNow.AddSeconds(seconds).ToUnixTimeSeconds()}", StringComparison.Ordinal));

    private static async Task<(int Code, bool IsExpired)> CloseAsync(ClientWebSocket socket)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var buffer = new byte[64 * 1024];
        while (await Harness.SocketAddress.ReceiveTextAsync(socket, buffer, late.Token) is not null)
        {
        }

        return ((int)socket.CloseStatus!, socket.CloseStatusDescription!.Contains("expired", StringComparison.OrdinalIgnoreCase));
    }

    private async Task<ClientWebSocket> ConnectAsync(string token)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(Harness.SocketAddress.Of(_service, "shown", token), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));
        return socket;
    }
}
