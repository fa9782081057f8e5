using System.Globalization;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Streams;

/// <summary>How many streams one user may create, configure and own.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class StreamLimitTests(RunningService running)
{
    [Fact]
    public async Task A_user_creates_and_configures_60_times_in_a_minute_and_is_told_how_long_to_wait()
    {
        using var owner = await Client.SignInAsync(running.Process, "sl-busy", "broadcaster");
        for (var i = 0; i < 30; i++)
        {
            (await PutAsync(owner, $"sl-busy-{i}")).Expect(201);
            (await PutAsync(owner, $"sl-busy-{i}", $$"""{"title":"{{i}}"}""")).Expect(200);
        }

        // What is refused for another reason took none.
        Assert.Equal("rate_limited", (await PutAsync(owner, "sl-busy-30")).Problem(429));
        Assert.Equal("rate_limited", (await PutAsync(owner, "sl-busy-0", """{"title":"again"}""")).Problem(429));
        Assert.Equal("bad_request", (await PutAsync(owner, "sl-busy-0", """{"title":7}""")).Problem(400));
        Assert.Equal(404, (await owner.GetAsync("streams/sl-busy-30")).Status);
        Assert.Equal("0", (await owner.SnapshotAsync("sl-busy-0")).GetProperty("title").GetString());
        Assert.InRange(await RetryAfterAsync(owner, "sl-busy-30"), 1, 60);

        // Everything else goes on, and so do others.
        (await owner.CallAsync(HttpMethod.Post, "streams/sl-busy-0/start")).Expect(200);
        Assert.Equal(204, (await owner.CallAsync(HttpMethod.Delete, "streams/sl-busy-1")).Status);
        using var other = await Client.SignInAsync(running.Process, "sl-quiet", "broadcaster");
        (await PutAsync(other, "sl-busy-1")).Expect(201);
    }

    [Fact]
    public async Task A_refused_request_takes_nothing_of_what_a_user_may_do()
    {
        using var owner = await Client.SignInAsync(running.Process, "sl-wrong", "broadcaster");
        for (var i = 0; i < 70; i++) Assert.Equal("bad_request", (await PutAsync(owner, "sl-wrong", """{"title":7}""")).Problem(400));
        (await PutAsync(owner, "sl-wrong")).Expect(201);
    }

    [Fact]
    public async Task A_user_owns_at_most_so_many_streams_and_a_deleted_one_frees_its_place()
    {
        await using var service = await ServiceProcess.StartAsync("--Limits:StreamsPerUser", "3");
        using var owner = await Client.SignInAsync(service, "owner", "broadcaster");

        // Also when they come at once.
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => PutAsync(owner, $"s{i}")));
        string[] created = [.. Enumerable.Range(0, 12).Where(i => answers[i].Status == 201).Select(i => $"s{i}")];
        Assert.Equal(3, created.Length);
        Assert.All(answers.Where(answer => answer.Status != 201), answer => Assert.Equal("too_many_streams", answer.Problem(409)));
        Assert.Equal(created.Order(), (await Agreement.ListedAsync(owner)).Keys.Order());

        (await PutAsync(owner, created[0], """{"title":"changed"}""")).Expect(200);
        (await owner.CallAsync(HttpMethod.Post, $"streams/{created[0]}/start")).Expect(200);
        (await owner.CallAsync(HttpMethod.Post, $"streams/{created[0]}/end")).Expect(200);
        Assert.Equal("too_many_streams", (await PutAsync(owner, "more")).Problem(409));
        using (var other = await Client.SignInAsync(service, "other", "broadcaster")) (await PutAsync(other, "more")).Expect(201);

        await service.KillAsync();
        await service.StartAgainAsync();
        Assert.Equal("too_many_streams", (await PutAsync(owner, "again")).Problem(409));
        Assert.Equal(204, (await owner.CallAsync(HttpMethod.Delete, $"streams/{created[0]}")).Status);
        (await PutAsync(owner, "again")).Expect(201);
        Assert.Equal("too_many_streams", (await PutAsync(owner, created[0])).Problem(409));
    }

    private static Task<Answer> PutAsync(Client client, string stream, string json = "{}") => client.CallAsync(HttpMethod.Put, $"streams/{stream}", json);

    private async Task<int> RetryAfterAsync(Client client, string stream)
    {
        using var raw = await RawConnection.OpenAsync(running.Process);
        await raw.SendAsync(string.Create(CultureInfo.InvariantCulture,
            $"PUT /v1/streams/{stream} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {client.Token}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}"));
        return (await raw.AnswerAsync()).RetryAfter;
    }
}
