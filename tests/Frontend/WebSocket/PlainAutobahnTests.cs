using Xunit;

namespace Interactions.Tests.Frontend.WebSocket;

/// <summary>The cases through Kestrel.</summary>
public sealed class PlainAutobahnTests(PlainLoopback loopback) : SocketAutobahnTests(loopback), IClassFixture<PlainLoopback>;
