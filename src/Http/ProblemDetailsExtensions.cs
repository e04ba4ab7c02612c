using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Plug1.Kernel;

namespace Plug1.Http;

/// <summary>What is answered when the answer is no: RFC 9457 problem details.</summary>
/// <param name="Type">Names the kind of problem; the code in another form.</param>
/// <param name="Title">The HTTP status in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">One sentence for the user.</param>
/// <param name="Code">Stable code.</param>
/// <param name="Errors">What is wrong where in the body.</param>
/// <param name="Incident">Number under which the log tells of an error of ours.</param>
public sealed record Problem(
    string Type, string Title, int Status, string Detail, string Code, IReadOnlyList<ProblemError>? Errors = null, string? Incident = null)
{
    /// <summary>Further members, such as the permission that is missing.</summary>
    [JsonExtensionData]
    public IDictionary<string, object>? Members { get; init; }
}

/// <summary>Turns refusals into answers.</summary>
public static class ProblemDetailsExtensions
{
    /// <summary>The media type of problem details.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>The problem that a refusal is.</summary>
    public static Problem ToProblem(this Refusal refusal) => Make(
        refusal.Status, refusal.Code, refusal.Message,
        refusal.At is { } at ? [new ProblemError(at, refusal.Code, refusal.Message)] : null,
        members: refusal.Detail);

    /// <summary>A refusal as the answer of an endpoint.</summary>
    public static IResult ToHttp(this Refusal refusal) => new ProblemResult(refusal.ToProblem());

    /// <summary>A result as the answer of an endpoint: its value with 200, or the problem.</summary>
    public static IResult ToHttp<T>(this Result<T> result) => result.ToHttp(value => Results.Ok(value));

    /// <summary>A result as the answer of an endpoint.</summary>
    public static IResult ToHttp<T>(this Result<T> result, Func<T, IResult> answer) => result.Refusal is { } no ? no.ToHttp() : answer(result.Value);

    /// <summary>A result without value as the answer of an endpoint: 204, or the problem.</summary>
    public static IResult ToHttp(this Result result) => result.Refusal is { } no ? no.ToHttp() : Results.NoContent();

    /// <summary>Makes a problem.</summary>
    public static Problem Make(
        int status, string code, string detail, IReadOnlyList<ProblemError>? errors = null, string? incident = null,
        IReadOnlyDictionary<string, object?>? members = null)
    {
        var type = $"urn:plug1:problem:{code.ToLowerInvariant().Replace('_', '-')}";
        return new Problem(type, ReasonPhrases.GetReasonPhrase(status), status, detail, code, errors, incident)
        {
            Members = members?.Where(member => member.Value is not null).ToDictionary(member => member.Key, member => member.Value!, StringComparer.Ordinal),
        };
    }

    /// <summary>Writes a problem as the answer.</summary>
    public static Task Write(this Problem problem, HttpContext context)
    {
        context.Response.StatusCode = problem.Status;
        context.Response.ContentType = MediaType;
        return JsonSerializer.SerializeAsync(context.Response.Body, problem, Plug1Json.Options, context.RequestAborted);
    }

    private sealed class ProblemResult(Problem problem) : IResult, IStatusCodeHttpResult, IValueHttpResult
    {
        public int? StatusCode => problem.Status;

        public object Value => problem;

        public Task ExecuteAsync(HttpContext httpContext) => problem.Write(httpContext);
    }
}
