using System.Net.Http.Headers;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Crashes;

[Collection(EndToEndCollection.Name)]
public sealed class StopTests
{
    [Fact]
    public async Task Told_to_stop_it_says_bye_ends_every_stream_and_exits_with_0_and_nothing_lost()
    {
        await using var service = await ServiceProcess.StartAsync();
        using var owner = await Client.SignInAsync(service, "owner", "broadcaster");
        await owner.GoLiveAsync("stopping");
        await owner.AcceptedAsync("stopping", new { type = "reaction", kind = "like", count = 7 });
        using var http = new HttpClient { BaseAddress = service.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", owner.Token);
        using var events = await http.GetAsync(new Uri("v1/streams/stopping/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        using var followed = await http.GetAsync(new Uri("v1/streams/stopping/log?follow=true", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(0, await service.TerminateAsync());
        Assert.Contains("event: bye\ndata: {\"reconnectInMs\":", await events.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("\"type\":\"taps\"", await followed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await service.StartAgainAsync();
        Assert.Equal(7, (await owner.SnapshotAsync("stopping")).GetProperty("totals").GetProperty("like").GetInt64());
    }
}
