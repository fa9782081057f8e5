using System.Diagnostics.Metrics;
using System.Text.Json;
using Interactions.Contracts;
using Interactions.Contracts.Directory;
using Interactions.Contracts.Grains;
using Interactions.Contracts.Timing;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Api;
using Interactions.Frontend.Feeds;
using Interactions.Frontend.Settings;
using Interactions.Tests.Frontend.Admission;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interactions.Tests.Frontend.Api;

/// <summary>What clients are told of a stream that others create, delete and damage at the same time.</summary>
public sealed class StreamEndpointsTests : IAsyncDisposable
{
    private const string Id = "match-7";

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly DeadlineQueue _deadlines = new(TimeProvider.System);
    private readonly ScriptedStream _stream = new();
    private readonly Outboxes _outboxes;
    private readonly StreamFeeds _feeds;
    private readonly StreamEndpoints _streams;
    private DirectoryRow? _row;

    public StreamEndpointsTests()
    {
        var time = TimeProvider.System;
        var grains = new ScriptedGrains { OnStream = _ => _stream, OnDirectory = _ => new ListedStreams(_row is null ? [] : [_row]) };
        var metrics = new FeedMetrics(_services.GetRequiredService<IMeterFactory>());
        var options = new FeedOptions();
        _outboxes = new Outboxes(grains, new FrontendId(), options, _deadlines, time, metrics, NullLogger<Outboxes>.Instance);
        _feeds = new StreamFeeds(grains, new FrontendId(), _outboxes, options, _deadlines, time, metrics, NullLogger<StreamFeeds>.Instance);
        var auth = new AuthOptions(TokenMaker.Key);
        var gate = new Gatekeeper(TokenMaker.Verifier(auth, time), auth, new CorsOptions([]), _feeds);
        var limits = new LimitOptions();
        _streams = new StreamEndpoints(new StreamRequest(gate, _feeds), _feeds, grains, new DirectoryPages(grains, new PatientReads(TimeSpan.Zero, TimeProvider.System)), limits, new StreamLimiter(limits, time));
    }

    [Fact]
    public async Task A_stream_that_another_created_first_is_the_others()
    {
        _stream.Meanwhile = () => _stream.Info = OwnedBy("bob", creation: 3);
        Assert.Equal((403, "forbidden"), await PutAsync("ada"));
    }

    [Fact]
    public async Task A_stream_that_is_deleted_while_its_owner_changes_it_is_created_anew()
    {
        _stream.Info = OwnedBy("ada", creation: 3);
        _stream.Meanwhile = () => _stream.Info = _stream.Info is { Creation: 3 } ? null : _stream.Info;
        Assert.Equal((201, null), await PutAsync("ada"));
        Assert.Equal(7UL, _stream.Info!.Creation);
    }

    [Fact]
    public async Task A_stream_that_others_create_and_delete_again_and_again_is_unavailable()
    {
        _stream.Meanwhile = () => _stream.Info = _stream.Info is null ? OwnedBy("ada", creation: 3) : null;
        Assert.Equal((503, "unavailable"), await PutAsync("ada"));
    }

    [Theory]
    [InlineData(Code.NotFound, 404, "not_found")]
    [InlineData(Code.Unavailable, 503, "unavailable")]
    [InlineData(Code.Full, 503, "unavailable")]
    [InlineData(Code.Damaged, 500, "damaged")]
    [InlineData(Code.Internal, 500, "internal")]
    public async Task What_the_grain_answers_instead_of_a_snapshot_is_a_problem_of_its_own(Code code, int status, string name)
    {
        _stream.Info = OwnedBy("ada", creation: 3);
        _stream.Code = code;
        Assert.Equal((status, name), await CallAsync("ada", "GET", _streams.GetAsync));
    }

    [Theory]
    [InlineData(Code.Damaged)]
    [InlineData(Code.Internal)]
    public async Task A_stream_that_can_not_be_read_is_deleted_by_whom_the_directory_says_it_is(Code code)
    {
        (_stream.Code, _row) = (code, new DirectoryRow(Id, "ada", "", StreamStatus.Live, 3, 0));
        Assert.Equal((403, "forbidden"), await CallAsync("bob", "DELETE", _streams.DeleteAsync));
        Assert.Null(_stream.Deleted);
        Assert.Equal((204, null), await CallAsync("ada", "DELETE", _streams.DeleteAsync));
        Assert.Equal(3UL, _stream.Deleted);
    }

    [Fact]
    public async Task A_stream_that_has_ended_does_not_start_again()
    {
        _stream.Info = OwnedBy("ada", creation: 3) with { Status = StreamStatus.Ended };
        Assert.Equal((409, "conflict"), await CallAsync("ada", "POST", _streams.StartAsync));
    }

    public async ValueTask DisposeAsync()
    {
        await _feeds.DisposeAsync();
        _outboxes.Dispose();
        _deadlines.Dispose();
        await _services.DisposeAsync();
    }

    private static StreamInfo OwnedBy(string user, ulong creation) => new(Id, creation, user, StreamStatus.Created, Tap: true);

    private Task<(int Status, string? Code)> PutAsync(string user) => CallAsync(user, "PUT", _streams.PutAsync);

    private static async Task<(int Status, string? Code)> CallAsync(string user, string method, Func<HttpContext, string, Task> call)
    {
        var http = new DefaultHttpContext();
        http.Request.Method = method;
        http.Request.Headers.Authorization = "Bearer " + TokenMaker.Hmac($$"""{"sub":"{{user}}","role":"broadcaster","exp":9999999999}""");
        using var body = new MemoryStream();
        http.Response.Body = body;
        await call(http, Id);
        if (http.Response.StatusCode == 503) Assert.Equal("1", http.Response.Headers.RetryAfter);
        return (http.Response.StatusCode, http.Response.StatusCode < 400 ? null : JsonDocument.Parse(body.ToArray()).RootElement.GetProperty("code").GetString());
    }
}
