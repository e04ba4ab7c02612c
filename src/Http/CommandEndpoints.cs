using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plug1.Http.Security;
using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Security;

namespace Plug1.Http;

/// <summary>Endpoints that run a command: body read once and hashed for its idempotency key, the answer sent as the command wrote it.</summary>
public static class CommandEndpoints
{
    /// <summary>Maps a POST whose body may be left out.</summary>
    public static RouteHandlerBuilder MapOptional<TBody, TAnswer>(this IEndpointRouteBuilder routes, string pattern, int status, Func<CommandCall, TBody?, HttpContext, Task<Result<Answer>>> run)
        where TBody : class => routes.MapPost(pattern, async (HttpContext http, RequestActor who) =>
        {
            var bytes = await Read(http);
            var body = bytes.Length == 0 ? null : JsonSerializer.Deserialize<TBody>(bytes, Plug1Json.Options);
            return ToHttp(await run(CallOf(http, who, bytes), body, http));
        })
        .Accepts<TBody>("application/json").Produces<TAnswer>(status).Refuses(400, 401, 403, 404, 409, 412, 413, 422);

    /// <summary>Maps a POST whose body is a command's request.</summary>
    /// <typeparam name="TBody">The request.</typeparam>
    /// <typeparam name="TAnswer">What success answers, for the description.</typeparam>
    /// <param name="routes">Where.</param>
    /// <param name="pattern">Route.</param>
    /// <param name="status">Status of success.</param>
    /// <param name="run">Runs it.</param>
    public static RouteHandlerBuilder MapCommand<TBody, TAnswer>(this IEndpointRouteBuilder routes, string pattern, int status, Func<CommandCall, TBody, HttpContext, Task<Result<Answer>>> run)
        where TBody : notnull => routes.MapPost(pattern, async (HttpContext http, RequestActor who) =>
        {
            var bytes = await Read(http);
            var body = bytes.Length == 0 ? default : JsonSerializer.Deserialize<TBody>(bytes, Plug1Json.Options);
            if (body is null) return BodyMissing.ToHttp();
            return ToHttp(await run(CallOf(http, who, bytes), body, http));
        })
        .Accepts<TBody>("application/json").Produces<TAnswer>(status).Refuses(400, 401, 403, 404, 409, 412, 413, 422);

    /// <summary>The refusal of a call that came without its body.</summary>
    public static Refusal BodyMissing { get; } = new("BODY_REQUIRED", "This call needs a body.", "", 400);

    /// <summary>The answer of a command as it stands.</summary>
    public static IResult ToHttp(Result<Answer> result) => result.Refusal is { } no ? no.ToHttp() : new RawJson(result.Value);

    /// <summary>The call that a request is, with its idempotency key.</summary>
    internal static CommandCall CallOf(HttpContext http, RequestActor who, byte[] body)
    {
        var key = http.Request.Headers["Idempotency-Key"].ToString();
        return key.Length == 0 ? who.Call() : who.Call(key, CommandCall.HashOf($"{http.Request.Method} {http.Request.Path}", body));
    }

    /// <summary>Who asks, with the key of the call. What is secret in a request is left out before: a hash of it could be guessed from.</summary>
    internal static Caller CallerOf<T>(HttpContext http, RequestActor who, T withoutSecrets)
    {
        var key = http.Request.Headers["Idempotency-Key"].ToString();
        return key.Length == 0 ? who.Caller : who.Caller with { Key = new CallKey(key, HashOf(http, withoutSecrets)) };
    }

    /// <summary>The hash of a request that is read already.</summary>
    public static string HashOf<T>(HttpContext http, T withoutSecrets) =>
        CommandCall.HashOf($"{http.Request.Method} {http.Request.Path}", JsonSerializer.SerializeToUtf8Bytes(withoutSecrets, Plug1Json.Options));

    /// <summary>The whole body.</summary>
    internal static async Task<byte[]> Read(HttpContext http)
    {
        if (http.Request.ContentLength == 0) return [];
        using var buffer = new MemoryStream((int)Math.Min(http.Request.ContentLength ?? 1024, Plug1HttpSetup.BodyLimit));
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        return buffer.ToArray();
    }

    private sealed class RawJson(Answer answer) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var (response, body) = (httpContext.Response, Encoding.UTF8.GetBytes(answer.Json));
            response.StatusCode = answer.Status;
            response.ContentType = "application/json; charset=utf-8";
            response.ContentLength = body.Length;
            return response.Body.WriteAsync(body, httpContext.RequestAborted).AsTask();
        }
    }
}
