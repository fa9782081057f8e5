using System.Text;
using Interactions.Tests.EndToEnd.Harness;

namespace Interactions.Tests.EndToEnd.Streams;

/// <summary>A call that changes a stream, by a broadcaster who may not wait for the answer.</summary>
internal sealed record StreamCall(string Name)
{
    public static readonly StreamCall[] All = [new("create"), new("retitle"), new("start"), new("end"), new("delete")];

    /// <summary>Whether it takes a stream that is there.</summary>
    public bool NeedsStream => Name != "create";

    public bool NeedsLive => Name is "end" or "delete";

    private (string Method, string Path, string Body) Request => Name switch
    {
        "create" => ("PUT", "", """{"title":"new","reactions":["like","wow"]}"""),
        "retitle" => ("PUT", "", """{"title":"other"}"""),
        "delete" => ("DELETE", "", ""),
        _ => ("POST", $"/{Name}", ""),
    };

    /// <summary>Sends it whole and leaves after a while, without reading what is answered.</summary>
    public async Task SendAndLeaveAsync(ServiceProcess service, string stream, string token, TimeSpan after)
    {
        var (method, path, body) = Request;
        using var connection = await RawConnection.OpenAsync(service);
        await connection.SendAsync(
            $"{method} /v1/streams/{stream}{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
        await Task.Delay(after);
    }

    /// <summary>Makes the stream that it takes.</summary>
    public async Task PrepareAsync(Client owner, string stream)
    {
        if (!NeedsStream) return;
        (await owner.CallAsync(HttpMethod.Put, $"streams/{stream}", """{"title":"first"}""")).Expect(201);
        if (NeedsLive) (await owner.CallAsync(HttpMethod.Post, $"streams/{stream}/start")).Expect(200);
    }
}
