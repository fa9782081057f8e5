// SignalR as its guide sets it up: what is posted to /publish is sent to everyone.
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.ClearProviders();
builder.Services.AddSignalR();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxConcurrentUpgradedConnections = null);
var app = builder.Build();
app.MapHub<Interactions.PeerSignalR.RoomHub>("/hub");
app.MapPost("/publish", (JsonElement frame, IHubContext<Interactions.PeerSignalR.RoomHub> hub) => hub.Clients.All.SendAsync("frame", frame));
app.MapGet("/", () => "ok");
app.Run();
