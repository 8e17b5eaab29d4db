// libsrtp 3's functions, as far as the worker calls them, over libsrtp 2.5 or
// newer. All cryptography stays in libsrtp 2; this header only adapts arguments.
// Key identifiers (MKI), encrypted header extensions and cryptex are refused,
// since the worker uses none of them.
//
// The two versions differ in argument lists, not in names: C++ overloads of the
// C functions let both stand side by side, so this header is for C++ only.
#ifndef VOICEBUS_LIBSRTP3_STAND_IN_H
#define VOICEBUS_LIBSRTP3_STAND_IN_H

#include <srtp2/srtp.h>

#include <climits>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>

// The two codes that version 3 added; both fit into the range of version 2's enum.
inline constexpr auto srtp_err_status_buffer_small = static_cast<srtp_err_status_t>(28);
inline constexpr auto srtp_err_status_cryptex_err  = static_cast<srtp_err_status_t>(29);

namespace srtp3
{
	// Version 3 hides its policy behind a handle; version 2's is an open struct that
	// points to its key.
	struct Policy
	{
		srtp_policy_t version2{};
		unsigned char masterKeyAndSalt[SRTP_MAX_KEY_LEN]{};
		bool hasKey{ false };
		srtp_profile_t profile{ srtp_profile_reserved };

		~Policy()
		{
			// Through a volatile pointer, or the compiler drops writes to memory that is
			// about to be freed.
			volatile unsigned char* secret = this->masterKeyAndSalt;

			for (std::size_t i = 0; i < sizeof(this->masterKeyAndSalt); ++i)
			{
				secret[i] = 0;
			}
		}
	};

	using InPlace = srtp_err_status_t (*)(srtp_t, void*, int*);

	// Version 3 reads one buffer and writes another (or the same) whose capacity it
	// knows; version 2 works in place and appends up to `maximumGrowth` bytes unasked.
	inline srtp_err_status_t run(
	  InPlace operation,
	  srtp_t session,
	  const std::uint8_t* input,
	  std::size_t inputLength,
	  std::uint8_t* output,
	  std::size_t* outputLength,
	  std::size_t maximumGrowth)
	{
		if (!session || !input || !output || !outputLength || inputLength > INT_MAX - maximumGrowth)
		{
			return srtp_err_status_bad_param;
		}

		if (*outputLength < inputLength + maximumGrowth)
		{
			return srtp_err_status_buffer_small;
		}

		if (input != output)
		{
			std::memmove(output, input, inputLength);
		}

		int length        = static_cast<int>(inputLength);
		const auto status = operation(session, output, &length);

		if (status == srtp_err_status_ok)
		{
			*outputLength = static_cast<std::size_t>(length);
		}

		return status;
	}
} // namespace srtp3

inline srtp_err_status_t srtp_policy_create(srtp3::Policy** policy)
{
	if (!policy)
	{
		return srtp_err_status_bad_param;
	}

	*policy = new (std::nothrow) srtp3::Policy();

	return *policy ? srtp_err_status_ok : srtp_err_status_alloc_fail;
}

inline void srtp_policy_destroy(srtp3::Policy* policy)
{
	delete policy;
}

inline srtp_err_status_t srtp_policy_set_ssrc(srtp3::Policy* policy, srtp_ssrc_t ssrc)
{
	if (!policy)
	{
		return srtp_err_status_bad_param;
	}

	policy->version2.ssrc = ssrc;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_profile(srtp3::Policy* policy, srtp_profile_t profile)
{
	if (!policy)
	{
		return srtp_err_status_bad_param;
	}

	auto status = srtp_crypto_policy_set_from_profile_for_rtp(&policy->version2.rtp, profile);

	if (status == srtp_err_status_ok)
	{
		// Not the same as for RTP: with a 32 bit tag RTCP keeps 80 bits (RFC 5764, 4.1.2).
		status = srtp_crypto_policy_set_from_profile_for_rtcp(&policy->version2.rtcp, profile);
	}

	if (status == srtp_err_status_ok)
	{
		policy->profile = profile;
	}

	return status;
}

// Exactly one key, after the profile that says how long it is.
inline srtp_err_status_t srtp_policy_add_key(
  srtp3::Policy* policy,
  const std::uint8_t* key,
  std::size_t keyLength,
  const std::uint8_t* salt,
  std::size_t saltLength,
  const std::uint8_t* mki,
  std::size_t mkiLength)
{
	if (!policy || !key || !salt || mki || mkiLength != 0)
	{
		return srtp_err_status_bad_param;
	}

	if (policy->hasKey || policy->profile == srtp_profile_reserved)
	{
		return srtp_err_status_bad_param;
	}

	if (
	  keyLength != srtp_profile_get_master_key_length(policy->profile) ||
	  saltLength != srtp_profile_get_master_salt_length(policy->profile) ||
	  keyLength + saltLength > sizeof(policy->masterKeyAndSalt) ||
	  keyLength + saltLength != static_cast<std::size_t>(policy->version2.rtp.cipher_key_len) ||
	  keyLength + saltLength != static_cast<std::size_t>(policy->version2.rtcp.cipher_key_len))
	{
		return srtp_err_status_bad_param;
	}

	std::memcpy(policy->masterKeyAndSalt, key, keyLength);
	std::memcpy(policy->masterKeyAndSalt + keyLength, salt, saltLength);
	policy->hasKey = true;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_allow_repeat_tx(srtp3::Policy* policy, bool allow)
{
	if (!policy)
	{
		return srtp_err_status_bad_param;
	}

	policy->version2.allow_repeat_tx = allow ? 1 : 0;

	return srtp_err_status_ok;
}

// 0 stands for libsrtp's default; otherwise both versions accept [64, 0x8000).
inline srtp_err_status_t srtp_policy_set_window_size(srtp3::Policy* policy, std::size_t size)
{
	if (!policy || (size != 0 && (size < 64 || size >= 0x8000)))
	{
		return srtp_err_status_bad_param;
	}

	policy->version2.window_size = static_cast<unsigned long>(size);

	return srtp_err_status_ok;
}

// Version 2 derives the session keys here and keeps no pointer into the policy,
// so the caller may destroy it right afterwards, as version 3 allows.
inline srtp_err_status_t srtp_create(srtp_t* session, srtp3::Policy* policy)
{
	if (!session || !policy || !policy->hasKey)
	{
		return srtp_err_status_bad_param;
	}

	policy->version2.key  = policy->masterKeyAndSalt;
	policy->version2.next = nullptr;

	return srtp_create(session, static_cast<const srtp_policy_t*>(&policy->version2));
}

inline srtp_err_status_t srtp_protect(
  srtp_t session,
  const std::uint8_t* rtp,
  std::size_t rtpLength,
  std::uint8_t* srtp,
  std::size_t* srtpLength,
  std::size_t mkiIndex)
{
	if (mkiIndex != 0)
	{
		return srtp_err_status_bad_mki;
	}

	const auto operation = static_cast<srtp3::InPlace>(::srtp_protect);

	return srtp3::run(operation, session, rtp, rtpLength, srtp, srtpLength, SRTP_MAX_TAG_LEN);
}

inline srtp_err_status_t srtp_unprotect(
  srtp_t session,
  const std::uint8_t* srtp,
  std::size_t srtpLength,
  std::uint8_t* rtp,
  std::size_t* rtpLength)
{
	const auto operation = static_cast<srtp3::InPlace>(::srtp_unprotect);

	return srtp3::run(operation, session, srtp, srtpLength, rtp, rtpLength, 0);
}

inline srtp_err_status_t srtp_protect_rtcp(
  srtp_t session,
  const std::uint8_t* rtcp,
  std::size_t rtcpLength,
  std::uint8_t* srtcp,
  std::size_t* srtcpLength,
  std::size_t mkiIndex)
{
	if (mkiIndex != 0)
	{
		return srtp_err_status_bad_mki;
	}

	const auto operation = static_cast<srtp3::InPlace>(::srtp_protect_rtcp);

	// The tag, and 32 bits for the packet's index and its E flag (RFC 3711, 3.4).
	const std::size_t maximumGrowth = SRTP_MAX_TAG_LEN + sizeof(std::uint32_t);

	return srtp3::run(operation, session, rtcp, rtcpLength, srtcp, srtcpLength, maximumGrowth);
}

inline srtp_err_status_t srtp_unprotect_rtcp(
  srtp_t session,
  const std::uint8_t* srtcp,
  std::size_t srtcpLength,
  std::uint8_t* rtcp,
  std::size_t* rtcpLength)
{
	const auto operation = static_cast<srtp3::InPlace>(::srtp_unprotect_rtcp);

	return srtp3::run(operation, session, srtcp, srtcpLength, rtcp, rtcpLength, 0);
}

// The worker passes the SSRC in network byte order, which is how version 2 keeps it.
inline srtp_err_status_t srtp_stream_remove(srtp_t session, std::uint32_t ssrc)
{
	return srtp_remove_stream(session, ssrc);
}

// From here on the name means version 3's handle, for the code that includes us.
using srtp3_policy_handle = srtp3::Policy*;
#define srtp_policy_t srtp3_policy_handle

#endif
