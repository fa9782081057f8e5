using Microsoft.AspNetCore.SignalR;

namespace Interactions.PeerSignalR;

/// <summary>Everyone who connects is in the one room.</summary>
public sealed class RoomHub : Hub;
