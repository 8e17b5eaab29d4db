import { webConfig } from '@voicebus/config';
import { headers } from 'next/headers';
import { rememberEarlyClick } from '@/talk/early-click';
import { TalkPage } from '@/talk/talk-page';

export default async function Page() {
  const nonce = (await headers()).get('x-nonce') ?? '';
  return (
    <>
      <script nonce={nonce} dangerouslySetInnerHTML={{ __html: rememberEarlyClick }} />
      <TalkPage config={webConfig()} />
    </>
  );
}
