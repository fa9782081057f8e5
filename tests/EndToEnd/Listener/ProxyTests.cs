using System.Net;
using System.Text;
using Interactions.Tests.EndToEnd.Harness;
using Interactions.Tests.Frontend.Transports;
using Xunit;

namespace Interactions.Tests.EndToEnd.Listener;

/// <summary>Clients' addresses are seen in who is refused: one live connection an address is allowed.</summary>
public sealed class ProxyTests : IAsyncLifetime
{
    private const string DevToken = "POST /v1/dev/tokens HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{\"sub\":\"eve\"}";
    private static readonly IPAddress Balancer = IPAddress.Parse("127.0.0.2");
    private static readonly IPAddress Stranger = IPAddress.Parse("127.0.0.3");
    private ServiceProcess _service = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await ServiceProcess.StartAsync("--Proxies:Trusted", "127.0.0.2", "--Limits:ConnectionsPerAddress", "1");
        using var owner = await Client.SignInAsync(_service, "owner", "broadcaster");
        await owner.GoLiveAsync("shown");
    }

    public async ValueTask DisposeAsync() => await _service.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_trusted_preamble_says_who_the_client_is(bool warm)
    {
        using var ada = await WatchAsync(Balancer, Preambles.Of("203.0.113.1", 1), "", warm);
        using var bob = await WatchAsync(Balancer, Preambles.Of("203.0.113.2", 1, extensions: 30), "", warm);
        using var again = await RefusedAsync(Balancer, Preambles.Of("203.0.113.1", 2), "", warm);
        ada.Dispose();
        using var back = await EventuallyAsync(Balancer, Preambles.Of("203.0.113.1", 3), warm);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_trusted_forwarding_header_says_who_the_client_is(bool warm)
    {
        using var ada = await WatchAsync(Balancer, [], "X-Forwarded-For: 203.0.113.11\r\n", warm);
        using var bob = await WatchAsync(Balancer, [], "X-Forwarded-For: 203.0.113.11, 203.0.113.12\r\n", warm);
        using var again = await RefusedAsync(Balancer, [], "X-Forwarded-For: 198.51.100.1, 203.0.113.11\r\n", warm);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_no_address_in_a_forwarding_header_says_nothing(bool warm)
    {
        // All of these are the balancer itself, which may watch once.
        using var zero = await WatchAsync(Balancer, [], "X-Forwarded-For: 0\r\n", warm);
        using var one = await RefusedAsync(Balancer, [], "X-Forwarded-For: 1\r\n", warm);
        using var hex = await RefusedAsync(Balancer, [], "X-Forwarded-For: 0x7f.1\r\n", warm);
        using var hidden = await RefusedAsync(Balancer, [], "X-Forwarded-For: _hidden\r\n", warm);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_strangers_forwarding_header_says_nothing(bool warm)
    {
        using var one = await WatchAsync(Stranger, [], "X-Forwarded-For: 203.0.113.21\r\n", warm);
        using var two = await RefusedAsync(Stranger, [], "X-Forwarded-For: 203.0.113.22\r\n", warm);
        using var behind = await WatchAsync(Balancer, Preambles.Of("203.0.113.23", 1), "X-Forwarded-For: 203.0.113.24\r\n", warm);
        using var same = await RefusedAsync(Balancer, Preambles.Of("203.0.113.23", 2), "X-Forwarded-For: 203.0.113.25\r\n", warm);
    }

    [Fact]
    public async Task A_strangers_preamble_ends_the_connection()
    {
        using var connection = await RawConnection.OpenAsync(_service, Stranger);
        await connection.SendAsync(Preambles.Of("203.0.113.31", 1));
        await Assert.ThrowsAnyAsync<IOException>(connection.AnswerAsync);
    }

    [Fact]
    public async Task A_preamble_that_comes_in_pieces_is_read()
    {
        using var connection = await RawConnection.OpenAsync(_service, Balancer);
        foreach (var part in Preambles.Of("203.0.113.32", 1)) await connection.SendAsync([part]);
        await connection.SendAsync("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.Equal(200, (await connection.AnswerAsync()).Status);
    }

    [Fact]
    public async Task A_trusted_peer_without_a_preamble_is_its_own_client()
    {
        using var one = await WatchAsync(Balancer, [], "", warm: false);
        using var two = await RefusedAsync(Balancer, Preambles.Local, "", warm: false);
    }

    [Theory]
    [InlineData("", 200)]
    [InlineData("203.0.113.41", 404)]
    [InlineData("127.0.0.1", 404)]
    public async Task No_token_is_given_to_one_behind_a_balancer(string client, int status)
    {
        using var connection = await RawConnection.OpenAsync(_service, Balancer);
        if (client.Length > 0) await connection.SendAsync(Preambles.Of(client, 1));
        await connection.SendAsync(DevToken);
        Assert.Equal(status, (await connection.AnswerAsync()).Status);
    }

    [Fact]
    public async Task No_token_is_given_after_a_preamble_that_names_nobody()
    {
        using var connection = await RawConnection.OpenAsync(_service, Balancer);
        await connection.SendAsync([.. Preambles.Local, .. Encoding.ASCII.GetBytes(DevToken)]);
        Assert.Equal(404, (await connection.AnswerAsync()).Status);
    }

    private async Task<RawConnection> AskAsync(IPAddress from, byte[] preamble, string headers, bool warm)
    {
        var connection = await RawConnection.OpenAsync(_service, from);
        await connection.SendAsync(preamble);
        if (warm)
        {
            await connection.SendAsync("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
            await connection.AnswerAsync();
        }

        await connection.SendAsync($"GET /v1/streams/shown/events HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");
        return connection;
    }

    private async Task<RawConnection> WatchAsync(IPAddress from, byte[] preamble, string headers, bool warm)
    {
        var connection = await AskAsync(from, preamble, headers, warm);
        Assert.Equal(200, (await connection.AnswerAsync()).Status);
        return connection;
    }

    private async Task<RawConnection> RefusedAsync(IPAddress from, byte[] preamble, string headers, bool warm)
    {
        var connection = await AskAsync(from, preamble, headers, warm);
        Assert.Equal(429, (await connection.AnswerAsync()).Status);
        return connection;
    }

    // Someone's leaving is noticed soon, not at once.
    private async Task<RawConnection> EventuallyAsync(IPAddress from, byte[] preamble, bool warm)
    {
        for (var tries = 0; ; tries++)
        {
            var connection = await AskAsync(from, preamble, "", warm);
            if ((await connection.AnswerAsync()).Status == 200) return connection;
            connection.Dispose();
            Assert.True(tries < 500, "The place was not given back.");
            await Task.Delay(20);
        }
    }
}
