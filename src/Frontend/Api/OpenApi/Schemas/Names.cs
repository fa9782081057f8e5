using Interactions.Frontend.Admission;
using Microsoft.OpenApi;

namespace Interactions.Frontend.Api.OpenApi.Schemas;

/// <summary>What streams, users, comments and places are called.</summary>
internal static class Names
{
    private const string PlacePattern = "^[0-9A-Za-z]+\\.[0-9]+$";
    private const string ItemPattern = "^[0-9A-Za-z]+\\.[0-9]+\\.[0-9]+$";

    public static OpenApiSchema StreamId(string what = "1–64 of `A-Z a-z 0-9 _ -`") => JsonSchema.Text(what, 1, 64, "^[A-Za-z0-9_-]{1,64}$");

    public static OpenApiSchema UserId(string what = "1–64 of `A-Z a-z 0-9 _ - . @`") =>
        JsonSchema.Text(what, 1, UserIds.MaxLength, "^[A-Za-z0-9_.@-]{1,64}$");

    public static OpenApiSchema Position(string what = "A place in the stream's log: `EPOCH.OFFSET`, opaque") => JsonSchema.Text(what, pattern: PlacePattern);

    public static OpenApiSchema ItemId(string what = "`EPOCH.OFFSET.INDEX`, opaque") => JsonSchema.Text(what, pattern: ItemPattern);

    /// <summary>As it is sent: what is not the id of a comment is answered as unknown.</summary>
    public static OpenApiSchema CommentId(string what = "A comment's id") => JsonSchema.Text(what, 1, 100);

    public static OpenApiSchema Kind(string what = "A kind of reaction") => JsonSchema.Text(what, 1, 32);

    public static OpenApiSchema PollId(string what = "A poll's id, given by who opens it") => JsonSchema.Text(what, 1, 64);

    public static OpenApiSchema Status(string what = "Goes only forward") => JsonSchema.Word(what, "created", "live", "ended");
}
