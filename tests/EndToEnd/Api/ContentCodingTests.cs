using System.Buffers.Text;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Api;

/// <summary>Bodies that are compressed, or say that they are.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class ContentCodingTests(RunningService running)
{
    private const int BodyBytes = 65_536; // Limits:BodyBytes

    private static readonly byte[] Reaction = """{"type":"reaction","kind":"like"}"""u8.ToArray();

    [Theory]
    [InlineData("gzip")]
    [InlineData("GZIP")]
    [InlineData("x-gzip")]
    [InlineData("br")]
    [InlineData("identity")]
    [InlineData("identity, gzip")]
    [InlineData("")]
    public async Task A_compressed_body_is_read(string coding)
    {
        foreach (var isChunked in (bool[])[false, true])
        {
            using var answer = await SendAsync("interactions", coding, Encode(coding, Reaction), isChunked);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains("accepted", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("deflate")]
    [InlineData("zstd")]
    [InlineData("compress")]
    [InlineData("gzip, gzip")]
    [InlineData("gzip, br")]
    [InlineData("aws-chunked")]
    [InlineData("gzip;q=1")]
    [InlineData("*")]
    public async Task What_is_not_understood_is_415_with_what_is(string coding)
    {
        foreach (var path in (string[])["interactions", "", "../../dev/tokens", "../../ping"])
        {
            using var answer = await SendAsync(path, coding, Reaction);
            Assert.Equal((path, HttpStatusCode.UnsupportedMediaType), (path, answer.StatusCode));
            Assert.Equal("gzip, br, identity", string.Join(", ", answer.Headers.GetValues("Accept-Encoding")));
            Assert.Contains("unsupported_media_type", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task The_limit_counts_what_was_decompressed(string coding)
    {
        // A body of text that is as long as it may be, and one byte more, which both compress to nearly nothing; and one that does not compress.
        using var most = await SendAsync("interactions", coding, Encode(coding, Padded(BodyBytes)));
        Assert.Equal(HttpStatusCode.OK, most.StatusCode);
        using var over = await SendAsync("interactions", coding, Encode(coding, Padded(BodyBytes + 1)));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, over.StatusCode);
        var noise = new byte[(BodyBytes - 200) / 4 * 3];
        new Random(7).NextBytes(noise);
        var body = JsonSerializer.SerializeToUtf8Bytes(new { type = "reaction", kind = "like", ignored = Base64Url.EncodeToString(noise) });
        using var dense = await SendAsync("interactions", coding, Encode(coding, body));
        Assert.Equal(HttpStatusCode.OK, dense.StatusCode);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_bomb_is_413_and_costs_little(string coding)
    {
        var bomb = Encode(coding, new byte[200 << 20]);
        await using var service = await ServiceProcess.StartAsync();
        using var http = new HttpClient { BaseAddress = service.Address };
        await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ =>
        {
            using var answer = await SendAsync(http, "v1/ping", "", coding, bomb, isChunked: false);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        }));
        Assert.True(service.ResidentBytes < 400 << 20, $"{service.ResidentBytes >> 20} MB");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_damaged_body_is_400(string coding)
    {
        var good = Encode(coding, Encoding.UTF8.GetBytes($$"""{"type":"reaction","kind":"like","ignored":"{{Convert.ToBase64String(RandomBytes())}}"}"""));
        foreach (var cut in (int[])[1, 4, 9, good.Length / 2, good.Length - 1]) await IsBadAsync(coding, good[..^cut], $"{cut} bytes less");
        var broken = (byte[])good.Clone();
        broken[good.Length / 2] ^= 0xFF;
        await IsBadAsync(coding, Reaction, "not compressed");
        if (coding != "gzip") return; // the other has no checksum
        await IsBadAsync(coding, broken, "a byte changed");
        broken = (byte[])good.Clone();
        broken[^6] ^= 1;
        await IsBadAsync(coding, broken, "a wrong checksum");
    }

    [Fact]
    public async Task A_hub_takes_bodies_as_they_are()
    {
        using var http = new HttpClient { BaseAddress = running.Process.Address };
        using var answer = await SendAsync(http, "hubs/interactions/negotiate?negotiateVersion=1", "", "gzip", Encode("gzip", Reaction), isChunked: false);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Equal("identity", string.Join(", ", answer.Headers.GetValues("Accept-Encoding")));
    }

    private static byte[] RandomBytes()
    {
        var bytes = new byte[600];
        new Random(11).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Padded(int length) => [.. Reaction, .. Enumerable.Repeat((byte)' ', length - Reaction.Length)];

    private static byte[] Encode(string coding, byte[] body)
    {
        using var bytes = new MemoryStream();
        var lower = coding.ToLowerInvariant();
        using (Stream encoder = lower.EndsWith("gzip", StringComparison.Ordinal) ? new GZipStream(bytes, CompressionLevel.Optimal, leaveOpen: true)
            : lower == "br" ? new BrotliStream(bytes, CompressionLevel.Fastest, leaveOpen: true)
            : new BufferedStream(bytes)) encoder.Write(body);
        return bytes.ToArray();
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, string path, string token, string coding, byte[] body, bool isChunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        if (token.Length > 0) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (isChunked) request.Headers.TransferEncodingChunked = true;
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (coding.Length > 0) request.Content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        return await http.SendAsync(request).WaitAsync(TimeSpan.FromSeconds(20));
    }

    private async Task IsBadAsync(string coding, byte[] body, string how)
    {
        using var answer = await SendAsync("interactions", coding, body);
        Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{coding}, {how}: {answer.StatusCode}");
        Assert.Contains("bad_request", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string coding, byte[] body, bool isChunked = false)
    {
        using var owner = await Client.SignInAsync(running.Process, "coding-owner", "broadcaster");
        if ((await owner.GetAsync("streams/coding")).Status == 404) await owner.GoLiveAsync("coding");
        using var http = new HttpClient { BaseAddress = new Uri(running.Process.Address, "v1/streams/coding/") };
        if (path.Length > 0) return await SendAsync(http, path, owner.Token!, coding, body, isChunked);
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(running.Process.Address, "v1/streams/coding")) { Content = new ByteArrayContent(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", owner.Token);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        return await http.SendAsync(request);
    }
}
