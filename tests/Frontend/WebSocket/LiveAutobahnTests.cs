using Xunit;

namespace Interactions.Tests.Frontend.WebSocket;

/// <summary>The cases straight on connections.</summary>
public sealed class LiveAutobahnTests(LiveLoopback loopback) : SocketAutobahnTests(loopback), IClassFixture<LiveLoopback>;
