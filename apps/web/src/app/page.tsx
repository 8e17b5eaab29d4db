import { TalkPage } from '@/talk/talk-page';

export default function Page() {
  return <TalkPage />;
}
