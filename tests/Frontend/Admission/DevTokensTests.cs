using System.Net;
using System.Text.Json;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Settings;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Interactions.Tests.Frontend.Admission;

public sealed class DevTokensTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"dev-{Guid.NewGuid():N}");
    private readonly ManualClock _clock = new();

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Its_tokens_are_believed_also_after_a_restart_and_for_12_hours()
    {
        var auth = new AuthOptions(Dev: true, Issuer: "me", Audience: "us");
        var token = new DevTokens(auth, Open(auth), _clock).Issue("u1", "Ada", Role.Broadcaster, ["a*"]);
        var verifier = new TokenVerifier(auth, TokenMaker.Keys(auth, _clock, Open(auth).Bytes), _clock);
        Assert.True(verifier.TryVerify(token, out var identity, out var problem), problem);
        Assert.Equal(("u1", "Ada", Role.Broadcaster, "a*"), (identity.User, identity.Name, identity.Role, identity.Streams![0]));
        _clock.Advance(TimeSpan.FromHours(12) + TimeSpan.FromSeconds(auth.LeewaySeconds));
        Assert.False(verifier.TryVerify(token, out _, out _));
    }

    [Fact]
    public void The_key_is_for_its_owners_eyes_only()
    {
        Assert.Equal(32, Open(new AuthOptions(Dev: true)).Bytes!.Length);
        Assert.Equal([Path.Combine(_folder, SharedKey.FileName)], Directory.GetFiles(_folder));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, SharedKey.FileName)));
    }

    [Fact]
    public void Many_that_open_at_once_hold_one_key()
    {
        var keys = new string[16];
        Parallel.For(0, keys.Length, i => keys[i] = Convert.ToHexString(Open(new AuthOptions(Dev: true)).Bytes!));
        Assert.Single(keys.Distinct());
    }

    [Fact]
    public void A_damaged_key_is_an_error_that_names_the_file()
    {
        Directory.CreateDirectory(_folder);
        File.WriteAllText(Path.Combine(_folder, SharedKey.FileName), "short");
        Assert.Contains(SharedKey.FileName, Assert.Throws<InvalidDataException>(() => Open(new AuthOptions(Dev: true))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_given_key_is_used_and_no_file_made()
    {
        Assert.Equal(TokenMaker.Key, System.Text.Encoding.UTF8.GetString(Open(new AuthOptions(TokenMaker.Key, Dev: true)).Bytes!));
        Assert.Null(Open(new AuthOptions()).Bytes);
        Assert.False(Directory.Exists(_folder));
    }

    [Theory]
    [InlineData("""{"sub":"u1"}""", true)]
    [InlineData("""{"sub":"u1","name":"Ada","role":"admin","streams":["a","b*"]}""", true)]
    [InlineData("""{"sub":"u 1"}""", false)]
    [InlineData("""{"sub":"u1","role":"root"}""", false)]
    [InlineData("""{"sub":"u1","streams":"a"}""", false)]
    [InlineData("""{"sub":"u1","name":"\ud800"}""", false)]
    [InlineData("""[]""", false)]
    public void Bodies_are_held_to_the_shape_of_tokens(string body, bool good)
    {
        var auth = new AuthOptions(TokenMaker.Key, Dev: true);
        using var json = JsonDocument.Parse(body);
        Assert.Equal(good, new DevTokens(auth, Open(auth), _clock).TryIssue(json.RootElement, out var token, out var problem));
        if (good) Assert.True(TokenMaker.Verifier(auth, _clock).TryVerify(token!, out _, out _));
        else Assert.NotEmpty(problem);
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", "localhost:5000", "", true)]
    [InlineData("127.3.2.1", "127.0.0.1", "127.9.9.9", "", true)]
    [InlineData("::1", "::1", "[::1]:80", "", true)]
    [InlineData("::ffff:127.0.0.1", "::ffff:127.0.0.1", "LOCALHOST", "", true)]
    [InlineData("10.0.0.1", "127.0.0.1", "localhost", "", false)]
    [InlineData("127.0.0.1", "10.0.0.1", "localhost", "", false)]
    [InlineData(null, null, "localhost", "", false)]
    [InlineData("127.0.0.1", "127.0.0.1", "", "", false)]
    [InlineData("127.0.0.1", "127.0.0.1", "evil.example", "", false)]
    [InlineData("127.0.0.1", "127.0.0.1", "localhost.evil.example", "", false)]
    [InlineData("127.0.0.1", "127.0.0.1", "127.1", "", false)]
    [InlineData("127.0.0.1", "127.0.0.1", "2130706433", "", false)]
    [InlineData("127.0.0.1", "127.0.0.1", "localhost", "X-Forwarded-For", false)]
    [InlineData("127.0.0.1", "127.0.0.1", "localhost", "x-forwarded-proto", false)]
    [InlineData("127.0.0.1", "127.0.0.1", "localhost", "Forwarded", false)]
    [InlineData("127.0.0.1", "127.0.0.1", "localhost", "X-Real-IP", false)]
    [InlineData("127.0.0.1", "127.0.0.1", "localhost", "Via", false)]
    [InlineData("127.0.0.1", "127.0.0.1", "localhost", "X-Original-For", false)]
    [InlineData("127.0.0.1", "127.0.0.1", "localhost", "Accept-Language", true)]
    [InlineData("127.0.0.1", "127.0.0.1", "localhost", "traceparent", true)]
    public void Only_this_machine_itself_is_local(string? remote, string? local, string host, string header, bool isLocal)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = remote is null ? null : IPAddress.Parse(remote);
        context.Connection.LocalIpAddress = local is null ? null : IPAddress.Parse(local);
        context.Request.Host = new HostString(host);
        if (header.Length > 0) context.Request.Headers[header] = "x";
        Assert.Equal(isLocal, DevTokens.IsLocal(context));
    }

    private SharedKey Open(AuthOptions auth) => SharedKey.Open(auth, new LogSettings(Path: _folder));
}
